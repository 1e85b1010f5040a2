//! Data of kinds that is either part of the program or made at run time: rows of the built-in table are static, those of custom resources are counted and go
//! away with their definition.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

/// Text of a row.
pub type Text = Cow<'static, str>;
/// A list of texts of a row.
pub type Texts = Cow<'static, [Text]>;

/// A static row of the built-in table as text: what the macros of the table write.
pub(crate) const fn text(text: &'static str) -> Text {
    Cow::Borrowed(text)
}

/// A value that lives as long as the program, or as long as somebody holds it.
pub enum Shared<T: ?Sized + 'static> {
    Static(&'static T),
    Counted(Arc<T>),
}

impl<T: ?Sized> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        match self {
            Self::Static(value) => value,
            Self::Counted(value) => value,
        }
    }
}

impl<T: ?Sized> Clone for Shared<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Static(value) => Self::Static(value),
            Self::Counted(value) => Self::Counted(value.clone()),
        }
    }
}

impl<T: ?Sized> From<&'static T> for Shared<T> {
    fn from(value: &'static T) -> Self {
        Self::Static(value)
    }
}

impl<T: std::fmt::Debug + ?Sized> std::fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.deref().fmt(f)
    }
}
