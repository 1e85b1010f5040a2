//! An API object behind one trait, whatever its kind: what the generic request path, the store and the controllers need to know of it.
//! Typed kinds implement it through [`Typed`] types of k8s-openapi; custom resources through [`Untyped`].

use std::any::Any;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

/// One object of any kind, decoded.
pub trait Object: Any + Send + Sync + std::fmt::Debug {
    fn meta(&self) -> &ObjectMeta;
    fn meta_mut(&mut self) -> &mut ObjectMeta;
    /// The wire form: `apiVersion` and `kind` first.
    fn to_json(&self) -> Vec<u8>;
    /// The wire form as a tree: what patches work on.
    fn to_value(&self) -> Value;
    fn boxed_clone(&self) -> Box<dyn Object>;
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

impl dyn Object {
    /// The typed object behind the trait. `None` where it is of another kind.
    pub fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        self.as_any().downcast_ref()
    }
    /// As [`Self::downcast_ref`], to change it.
    pub fn downcast_mut<T: 'static>(&mut self) -> Option<&mut T> {
        self.as_any_mut().downcast_mut()
    }
}

/// Every type of k8s-openapi that has an `ObjectMeta`.
pub trait Typed:
    k8s_openapi::Resource
    + k8s_openapi::Metadata<Ty = ObjectMeta>
    + serde::Serialize
    + serde::de::DeserializeOwned
    + Clone
    + std::fmt::Debug
    + Send
    + Sync
    + 'static
{
}
impl<T> Typed for T where
    T: k8s_openapi::Resource
        + k8s_openapi::Metadata<Ty = ObjectMeta>
        + serde::Serialize
        + serde::de::DeserializeOwned
        + Clone
        + std::fmt::Debug
        + Send
        + Sync
        + 'static
{
}

impl<T: Typed> Object for T {
    fn meta(&self) -> &ObjectMeta {
        self.metadata()
    }
    fn meta_mut(&mut self) -> &mut ObjectMeta {
        self.metadata_mut()
    }
    fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("k8s-openapi types always serialize")
    }
    fn to_value(&self) -> Value {
        serde_json::to_value(self).expect("k8s-openapi types always serialize")
    }
    fn boxed_clone(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}
