//! The connection that all queries go through, whatever their type.
//!
//! The derived [`Engine`] compiles sending, caching and reading for each query and each engine, which
//! was a quarter of what this crate made the compiler do. A query is boxed first: they are compiled once.

use diesel::connection::{
    CacheSize, Connection, Instrumentation, LoadConnection, SimpleConnection, TransactionManager,
    TransactionManagerStatus,
};
use diesel::expression::QueryMetadata;
use diesel::internal::derives::multiconnection::ConnectionSealed;
use diesel::migration::MigrationConnection;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Untyped;
use diesel::{ConnectionResult, QueryResult};

use super::multi::{Engine, MultiBackend};

/// A connection to whichever engine the installation uses.
pub struct Conn {
    /// What the engine itself must be told: only `store::dialect` looks.
    pub engine: Engine,
}

/// A query without its type. The engine finds its prepared statement by the text.
struct AnyQuery<'query> {
    query: Box<dyn QueryFragment<MultiBackend> + 'query>,
}

type Cursor<'conn, 'query> = <Engine as LoadConnection>::Cursor<'conn, 'query>;

impl<'query> AnyQuery<'query> {
    fn load<'conn>(self, engine: &'conn mut Engine) -> QueryResult<Cursor<'conn, 'query>> {
        LoadConnection::load(engine, self)
    }
}

impl QueryFragment<MultiBackend> for AnyQuery<'_> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        self.query.walk_ast(pass)
    }
}

impl QueryId for AnyQuery<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for AnyQuery<'_> {
    type SqlType = Untyped;
}

impl ConnectionSealed for Conn {}

impl SimpleConnection for Conn {
    fn batch_execute(&mut self, query: &str) -> QueryResult<()> {
        self.engine.batch_execute(query)
    }
}

impl Connection for Conn {
    type Backend = MultiBackend;
    type TransactionManager = Self;

    fn establish(url: &str) -> ConnectionResult<Self> {
        Engine::establish(url).map(|engine| Self { engine })
    }

    fn execute_returning_count<T>(&mut self, source: &T) -> QueryResult<usize>
    where
        T: QueryFragment<MultiBackend> + QueryId,
    {
        self.engine.execute_returning_count(&AnyQuery { query: Box::new(source) })
    }

    fn transaction_state(&mut self) -> &mut Self {
        self
    }

    fn instrumentation(&mut self) -> &mut dyn Instrumentation {
        self.engine.instrumentation()
    }

    fn set_instrumentation(&mut self, instrumentation: impl Instrumentation) {
        self.engine.set_instrumentation(instrumentation);
    }

    fn set_prepared_statement_cache_size(&mut self, size: CacheSize) {
        self.engine.set_prepared_statement_cache_size(size);
    }
}

impl LoadConnection for Conn {
    type Cursor<'conn, 'query> = Cursor<'conn, 'query>;
    type Row<'conn, 'query> = <Engine as LoadConnection>::Row<'conn, 'query>;

    fn load<'conn, 'query, T>(
        &'conn mut self,
        source: T,
    ) -> QueryResult<Self::Cursor<'conn, 'query>>
    where
        T: Query + QueryFragment<MultiBackend> + QueryId + 'query,
        MultiBackend: QueryMetadata<T::SqlType>,
    {
        AnyQuery { query: Box::new(source) }.load(&mut self.engine)
    }
}

impl TransactionManager<Self> for Conn {
    type TransactionStateData = Self;

    fn begin_transaction(conn: &mut Self) -> QueryResult<()> {
        Engine::begin_transaction(&mut conn.engine)
    }

    fn rollback_transaction(conn: &mut Self) -> QueryResult<()> {
        Engine::rollback_transaction(&mut conn.engine)
    }

    fn commit_transaction(conn: &mut Self) -> QueryResult<()> {
        Engine::commit_transaction(&mut conn.engine)
    }

    fn transaction_manager_status_mut(conn: &mut Self) -> &mut TransactionManagerStatus {
        Engine::transaction_manager_status_mut(&mut conn.engine)
    }

    fn is_broken_transaction_manager(conn: &mut Self) -> bool {
        Engine::is_broken_transaction_manager(&mut conn.engine)
    }
}

impl MigrationConnection for Conn {
    fn setup(&mut self) -> QueryResult<usize> {
        self.engine.setup()
    }
}
