//! What server-side apply has to know of types: a graph of structs, maps, lists and scalars.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use serde_json::Value;

use super::path::{PathElement, Scalar};
use crate::gvk::Gvk;
use crate::schema::{self, FieldType, ListType, MapType};

/// Kinds of scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarType {
    Text,
    Number,
    Boolean,
    /// Any of them: quantities, times, numbers or text.
    Any,
}

/// A type in its [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeId(u32);

/// What a value of a type may be; usually one of the three. What a value is decides where several are there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Atom {
    pub scalar: Option<ScalarType>,
    pub list: Option<List>,
    pub map: Option<Map>,
}

/// A list.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    pub items: TypeId,
    pub relation: Relation,
}

/// How the items of a list are told apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Relation {
    /// They are not: the list is owned as a whole.
    Atomic,
    /// Scalars, by what they are.
    Set,
    /// Maps, by the values of these fields.
    Map(Vec<MapKey>),
}

/// A field that tells the items of a list apart, and what it is where an item leaves it out.
#[derive(Clone, Debug, PartialEq)]
pub struct MapKey {
    pub name: Arc<str>,
    pub default: Option<Value>,
}

/// A struct, a map, or both.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    pub fields: BTreeMap<Arc<str>, Field>,
    /// What stands at keys that are no fields; none where there may be no others.
    pub values: Option<TypeId>,
    /// Owned as a whole.
    pub atomic: bool,
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub holds: TypeId,
    /// What upstream's structs have there when nobody has set it, where that is not nothing.
    pub zero: Option<Value>,
    /// Nothing is there where it is empty: a list or a map that upstream's structs leave out then.
    pub omits_empty: bool,
}

/// Types, and the names of those that have one.
#[derive(Debug, Default)]
pub struct Types {
    atoms: Vec<Atom>,
    named: HashMap<String, TypeId>,
}

/// A type with the graph that it is part of.
#[derive(Clone, Copy)]
pub struct TypeRef<'a> {
    types: &'a Types,
    id: TypeId,
}

/// What a value is at its type.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape<'a> {
    Map(&'a Map),
    List(&'a List),
    Scalar(ScalarType),
}

const TEXT: TypeId = TypeId(0);
const NUMBER: TypeId = TypeId(1);
const BOOLEAN: TypeId = TypeId(2);
pub(super) const SCALAR: TypeId = TypeId(3);
/// Anything: maps merge key by key, lists are replaced.
pub(super) const ANY: TypeId = TypeId(4);
/// Anything, owned as a whole.
const ANY_ATOMIC: TypeId = TypeId(5);

/// Keys of lists that have a default which is not the zero of their type.
const KEY_DEFAULTS: [(&str, &str, &str); 2] = [("core.v1.ContainerPort", "protocol", "TCP"), ("core.v1.ServicePort", "protocol", "TCP")];

static BUILT_IN: LazyLock<Types> = LazyLock::new(Types::parse);
static DEDUCED: LazyLock<Types> = LazyLock::new(Types::new);

impl Types {
    /// The types that every graph has: scalars and anything.
    pub fn new() -> Self {
        let mut types = Self::default();
        for scalar in [ScalarType::Text, ScalarType::Number, ScalarType::Boolean, ScalarType::Any] {
            types.add(Atom { scalar: Some(scalar), ..Atom::default() });
        }
        for (items, atomic) in [(ANY, false), (ANY_ATOMIC, true)] {
            types.add(Atom {
                scalar: Some(ScalarType::Any),
                list: Some(List { items: ANY_ATOMIC, relation: Relation::Atomic }),
                map: Some(Map { fields: BTreeMap::new(), values: Some(items), atomic }),
            });
        }
        types
    }
    /// Those of the built-in kinds.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }
    /// For objects of which no schema is known.
    pub fn deduced() -> TypeRef<'static> {
        TypeRef { types: &DEDUCED, id: ANY }
    }
    pub fn add(&mut self, atom: Atom) -> TypeId {
        self.atoms.push(atom);
        TypeId(u32::try_from(self.atoms.len() - 1).expect("types are far fewer than that"))
    }
    pub fn scalar(scalar: ScalarType) -> TypeId {
        match scalar {
            ScalarType::Text => TEXT,
            ScalarType::Number => NUMBER,
            ScalarType::Boolean => BOOLEAN,
            ScalarType::Any => SCALAR,
        }
    }
    pub fn name(&mut self, name: &str, id: TypeId) {
        self.named.insert(name.to_owned(), id);
    }
    /// A type by its name: `core.v1.Pod` among the built-in ones.
    pub fn named(&self, name: &str) -> Option<TypeRef<'_>> {
        self.named.get(name).map(|id| self.at(*id))
    }
    /// The type of objects of a built-in kind.
    pub fn of_kind(gvk: &Gvk) -> Option<TypeRef<'static>> {
        Self::built_in().named(&schema::type_name(gvk)?)
    }
    pub fn at(&self, id: TypeId) -> TypeRef<'_> {
        TypeRef { types: self, id }
    }
    pub(super) fn atom_mut(&mut self, id: TypeId) -> &mut Atom {
        &mut self.atoms[id.0 as usize]
    }
    /// Copies a type, with all that it leads to, out of another graph.
    pub fn import(&mut self, from: TypeRef<'_>) -> TypeId {
        self.import_into(from, &mut HashMap::new())
    }
    fn import_into(&mut self, from: TypeRef<'_>, done: &mut HashMap<u32, TypeId>) -> TypeId {
        if from.id.0 <= ANY_ATOMIC.0 {
            return from.id;
        }
        if let Some(id) = done.get(&from.id.0) {
            return *id;
        }
        let id = self.add(Atom::default());
        done.insert(from.id.0, id);
        let mut atom = from.atom().clone();
        if let Some(list) = &mut atom.list {
            list.items = self.import_into(from.at(list.items), done);
        }
        if let Some(map) = &mut atom.map {
            map.values = map.values.map(|values| self.import_into(from.at(values), done));
            for field in map.fields.values_mut() {
                field.holds = self.import_into(from.at(field.holds), done);
            }
        }
        *self.atom_mut(id) = atom;
        id
    }

    fn parse() -> Self {
        let mut types = Self::new();
        let rows: Vec<_> = schema::built_in_types().collect();
        let zeros: HashMap<&str, Vec<(&str, &str)>> = schema::zero_values().collect();
        for (name, _) in &rows {
            let id = types.add(Atom::default());
            types.name(name, id);
        }
        let mut exceptions = Vec::new();
        for (name, fields) in &rows {
            let zero = |field: &str| {
                let (_, value) = zeros.get(name)?.iter().find(|(known, _)| *known == field)?;
                serde_json::from_str(value).ok()
            };
            let fields = fields
                .iter()
                .map(|(field, holds)| {
                    let facts = schema::facts_of(name, field);
                    let field_type = FieldType::parse(holds);
                    let zero = zero(field);
                    let collection = matches!(field_type, FieldType::List(_) | FieldType::Map(_));
                    let holds = types.field(field_type, facts, &zeros, &mut exceptions);
                    ((*field).into(), Field { holds, omits_empty: collection && zero.is_none(), zero })
                })
                .collect();
            let atomic = schema::ATOMIC_TYPES.contains(name);
            let id = types.named[*name];
            types.atom_mut(id).map = Some(Map { fields, values: None, atomic });
        }
        for (own, id, atomic) in exceptions {
            let map = types.atoms[id.0 as usize].map.clone();
            types.atom_mut(own).map = map.map(|map| Map { atomic, ..map });
        }
        types
    }

    /// `exceptions` gets the places of types that a field owns otherwise than the type says: they are copied once all have been read.
    fn field(
        &mut self,
        holds: FieldType,
        facts: &schema::Facts,
        zeros: &HashMap<&str, Vec<(&str, &str)>>,
        exceptions: &mut Vec<(TypeId, TypeId, bool)>,
    ) -> TypeId {
        match holds {
            FieldType::Any => ANY,
            FieldType::Scalar('s') => TEXT,
            FieldType::Scalar('n') => NUMBER,
            FieldType::Scalar('b') => BOOLEAN,
            FieldType::Scalar(_) => SCALAR,
            FieldType::AnyMap => self.map_of(ANY, facts.map_type == MapType::Atomic),
            FieldType::Map(values) => {
                let values = self.field(FieldType::parse(values), &schema::Facts::default(), zeros, exceptions);
                self.map_of(values, facts.map_type == MapType::Atomic)
            }
            FieldType::Type(name) => {
                let id = self.named[name];
                if facts.map_type == MapType::OfType {
                    return id;
                }
                let own = self.add(Atom::default());
                exceptions.push((own, id, facts.map_type == MapType::Atomic));
                own
            }
            FieldType::List(items) => {
                let relation = match facts.list_type {
                    ListType::Atomic => Relation::Atomic,
                    ListType::Set => Relation::Set,
                    ListType::Map => Relation::Map(
                        facts
                            .list_map_keys
                            .iter()
                            .map(|key| MapKey { name: (*key).into(), default: key_default(items, key, zeros) })
                            .collect(),
                    ),
                };
                let items = self.field(FieldType::parse(items), &schema::Facts::default(), zeros, exceptions);
                self.add(Atom { list: Some(List { items, relation }), ..Atom::default() })
            }
        }
    }

    fn map_of(&mut self, values: TypeId, atomic: bool) -> TypeId {
        self.add(Atom { map: Some(Map { fields: BTreeMap::new(), values: Some(values), atomic }), ..Atom::default() })
    }
}

/// What the key of an item is that does not say: its default, or the zero of a field that is never left out.
fn key_default(item: &str, key: &str, zeros: &HashMap<&str, Vec<(&str, &str)>>) -> Option<Value> {
    if let Some((_, _, default)) = KEY_DEFAULTS.iter().find(|(name, field, _)| *name == item && *field == key) {
        return Some((*default).into());
    }
    let (_, zero) = zeros.get(item)?.iter().find(|(field, _)| *field == key)?;
    serde_json::from_str(zero).ok()
}

impl<'a> TypeRef<'a> {
    pub fn at(self, id: TypeId) -> Self {
        Self { id, ..self }
    }
    pub fn atom(self) -> &'a Atom {
        &self.types.atoms[self.id.0 as usize]
    }
    pub(super) fn map(self) -> Option<&'a Map> {
        self.atom().map.as_ref()
    }
    pub(super) fn list(self) -> Option<&'a List> {
        self.atom().list.as_ref()
    }
    /// The type at a key of a map: of its field, or of its other values.
    pub(super) fn member(self, map: &Map, name: &str) -> Option<Self> {
        map.fields.get(name).map(|field| field.holds).or(map.values).map(|id| self.at(id))
    }
    /// Whether it is a map of anything, for which no markers can be known.
    pub(super) fn is_deduced_map(map: &Map) -> bool {
        map.fields.is_empty() && map.values == Some(ANY)
    }
    /// What a value is here: what it looks like where the type allows that, else the first that the type allows.
    pub(super) fn shape(self, value: Option<&Value>) -> Option<Shape<'a>> {
        let atom = self.atom();
        let map = atom.map.as_ref().map(Shape::Map);
        let list = atom.list.as_ref().map(Shape::List);
        let scalar = atom.scalar.map(Shape::Scalar);
        let seen = match value {
            None | Some(Value::Null) => None,
            Some(Value::Object(_)) => map,
            Some(Value::Array(_)) => list,
            Some(_) => scalar,
        };
        seen.or(map).or(scalar).or(list)
    }
}

impl std::fmt::Debug for TypeRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "type {}", self.id.0)
    }
}

impl Shape<'_> {
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl List {
    /// The step to an item.
    pub(super) fn step(&self, item: &Value) -> Result<PathElement, String> {
        match &self.relation {
            Relation::Atomic => Err("invalid indexing of non-associative list".to_owned()),
            Relation::Set => match item {
                Value::Object(_) => Err("associative list without keys has an element that's a map type".to_owned()),
                Value::Array(_) => Err("not supported: associative list with lists as elements".to_owned()),
                Value::Null => Err("associative list without keys has an element that's an explicit null".to_owned()),
                scalar => Ok(PathElement::Value(Scalar(scalar.clone()))),
            },
            Relation::Map(keys) => {
                let map = match item {
                    Value::Object(map) => map,
                    Value::Null => return Err("associative list with keys may not have a null element".to_owned()),
                    _ => return Err("associative list with keys may not have non-map elements".to_owned()),
                };
                let mut fields: Vec<(Arc<str>, Scalar)> = keys
                    .iter()
                    .filter_map(|key| {
                        let value = map.get(&*key.name).or(key.default.as_ref())?;
                        Some((key.name.clone(), Scalar(value.clone())))
                    })
                    .collect();
                if fields.is_empty() {
                    let names: Vec<String> = keys.iter().map(|key| format!("{:?}", key.name)).collect();
                    return Err(format!(
                        "associative list with keys has an element that omits all key fields [{}] (and doesn't have default values for any key fields)",
                        names.join(" ")
                    ));
                }
                fields.sort_by(|one, other| one.0.cmp(&other.0));
                Ok(PathElement::Key(fields))
            }
        }
    }
}
