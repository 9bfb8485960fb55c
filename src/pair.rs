//! Two of a kind, one for each snapshot: before (older) and after (newer).

/// One value for each of the two snapshots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pair<T> {
    /// Of the older snapshot.
    pub before: T,
    /// Of the newer snapshot.
    pub after: T,
}

impl<T> Pair<T> {
    /// Makes a pair.
    pub const fn new(before: T, after: T) -> Self {
        Self { before, after }
    }

    /// Borrows both.
    pub const fn as_ref(&self) -> Pair<&T> {
        Pair { before: &self.before, after: &self.after }
    }

    /// Borrows both, to change them.
    pub const fn as_mut(&mut self) -> Pair<&mut T> {
        Pair { before: &mut self.before, after: &mut self.after }
    }

    /// Applies `f` to both, one after the other.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Pair<U> {
        Pair { before: f(self.before), after: f(self.after) }
    }

    /// The older snapshot's value, then the newer one's.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        [&self.before, &self.after].into_iter()
    }

    /// Puts two pairs side by side.
    pub fn zip<U>(self, other: Pair<U>) -> Pair<(T, U)> {
        Pair { before: (self.before, other.before), after: (self.after, other.after) }
    }

    /// Applies `f` to both at the same time, on two threads of the pool.
    pub fn join<U: Send>(self, f: impl Fn(T) -> U + Sync) -> Pair<U>
    where
        T: Send,
    {
        let Self { before, after } = self;
        let (before, after) = rayon::join(|| f(before), || f(after));
        Pair { before, after }
    }
}

impl<T, U> Pair<(T, U)> {
    /// Two pairs of what stood side by side.
    pub fn unzip(self) -> (Pair<T>, Pair<U>) {
        let Self { before, after } = self;
        (Pair::new(before.0, after.0), Pair::new(before.1, after.1))
    }
}

impl<T, E> Pair<Result<T, E>> {
    /// Both values, or the first error (the older snapshot's first).
    pub fn both(self) -> Result<Pair<T>, E> {
        Ok(Pair { before: self.before?, after: self.after? })
    }
}
