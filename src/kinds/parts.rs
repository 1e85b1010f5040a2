//! Methods of [`crate::Behaviour`] that many kinds have alike, as macros for their bodies.

/// `status` is the server's: empty at creation, kept by changes of the main resource; a change of it keeps the `spec`.
macro_rules! separate_status {
    ($type:ty) => {
        fn prepare_create(&self, object: &mut $type) {
            object.status = Some(Default::default());
        }
        fn prepare_update(&self, part: crate::Part, object: &mut $type, old: &$type) {
            match part {
                crate::Part::Main => object.status.clone_from(&old.status),
                crate::Part::Status => object.spec.clone_from(&old.spec),
            }
        }
    };
}

/// `metadata.generation` counts changes of the field.
macro_rules! generation_of {
    ($field:ident, $type:ty) => {
        fn has_generation(&self) -> bool {
            true
        }
        fn generation_changes(&self, object: &$type, old: &$type) -> bool {
            object.$field != old.$field
        }
    };
}

/// Changes are held to the rules for new objects; those of the status to none of them.
macro_rules! validate_changes_alike {
    ($type:ty) => {
        fn validate_update(&self, part: crate::Part, object: &$type, _old: &$type) -> api::ErrorList {
            if part == crate::Part::Main { self.validate(object) } else { api::ErrorList::new() }
        }
    };
}

/// Warnings of an object that makes pods: of its name, where that becomes part of theirs, when it is new, and of the rest whenever it asks for something else.
macro_rules! warnings_of_pods {
    ($type:ty, named: $named:literal, |$object:ident| $warnings:expr) => {
        fn warnings(&self, $object: &$type, old: Option<&$type>) -> Vec<String> {
            if old.is_some_and(|old| !self.generation_changes($object, old)) {
                return Vec::new();
            }
            let name = $object.metadata.name.as_deref().filter(|_| $named && old.is_none());
            let mut warnings: Vec<String> = name.and_then(crate::warnings::name_of_pods).into_iter().collect();
            warnings.extend($warnings);
            warnings
        }
    };
}

pub(crate) use {generation_of, separate_status, validate_changes_alike, warnings_of_pods};
