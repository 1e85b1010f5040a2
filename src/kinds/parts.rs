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

/// Warnings of the pod template in `spec.template`.
macro_rules! template_warnings {
    ($type:ty) => {
        fn warnings(&self, object: &$type, old: Option<&$type>) -> Vec<String> {
            let path = api::Path::new("spec").child("template");
            crate::pod::template_warnings(&object.spec.template, old.map(|old| &old.spec.template), &path)
        }
    };
}

pub(crate) use {generation_of, separate_status, template_warnings, validate_changes_alike};
