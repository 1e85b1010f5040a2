//! Columns that many tables have, and short ways to write the others. Type, format and description are upstream's, as the Table carries them.

use crate::Column;

/// The name of the object.
pub const NAME: Column<'static> = Column { name: "Name", kind: "string", format: "name", description: NAME_DESCRIPTION, priority: 0 };
/// What the name of an object is, as its type documents it.
pub const NAME_DESCRIPTION: &str = "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";
/// What the time of creation is, as its type documents it.
pub const CREATION_DESCRIPTION: &str = "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/// Time since creation.
pub const AGE: Column<'static> = text("Age", CREATION_DESCRIPTION);
/// Time of creation.
pub const CREATED_AT: Column<'static> = Column { kind: "date", ..text("Created At", CREATION_DESCRIPTION) };

/// Containers of a pod template, with `-o wide`.
pub const CONTAINERS: Column<'static> = wide("Containers", CONTAINERS_DESCRIPTION);
/// Their images, with `-o wide`.
pub const IMAGES: Column<'static> = wide("Images", IMAGES_DESCRIPTION);
pub const CONTAINERS_DESCRIPTION: &str = "Names of each container in the template.";
pub const IMAGES_DESCRIPTION: &str = "Images referenced by each container in the template.";

/// A column of text.
pub const fn text(name: &'static str, description: &'static str) -> Column<'static> {
    Column { name, kind: "string", format: "", description, priority: 0 }
}
/// A column of numbers.
pub const fn integer(name: &'static str, description: &'static str) -> Column<'static> {
    Column { name, kind: "integer", format: "", description, priority: 0 }
}
/// A column of truth values.
pub const fn boolean(name: &'static str, description: &'static str) -> Column<'static> {
    Column { name, kind: "boolean", format: "", description, priority: 0 }
}
/// A column of text that only `-o wide` shows.
pub const fn wide(name: &'static str, description: &'static str) -> Column<'static> {
    Column { name, kind: "string", format: "", description, priority: 1 }
}
