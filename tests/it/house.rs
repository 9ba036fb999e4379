//! The service in this process, on a real port, with a clock that is moved by hand.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use pass_numerique::adapters::clock::{Clock, MovedClock};
use pass_numerique::adapters::randomness::{Random, SecureRandom};
use pass_numerique::app::App;
use pass_numerique::domain::report::{By, DEFINITIONS, Group, Report};
use pass_numerique::domain::time::{Instant, Month};
use pass_numerique::http::server::{self, Listeners};
use pass_numerique::services::report_consumption::{Query, report};
use pass_numerique::services::update_reports::update_whole_reports;
use pass_numerique::services::{organisations, users, verify_ledger};
use pass_numerique::store::organisation;
use uuid::Uuid;

use crate::actors::{Operator, PASSWORD, Person};
use crate::door::Door;
use crate::ground::Ground;

/// A test of every `fn story(place: &House)` or `fn story(place: &Ground)` on a new `$place`, and
/// what must hold when it ends.
macro_rules! stories {
    ($module:ident, $place:ident, $ends:ident, [$($story:ident),+ $(,)?]) => {
        mod $module {
            $(#[test]
            fn $story() {
                let place = crate::ground::Ground::$place().into();
                super::$story(&place);
                place.$ends();
            })+
        }
    };
}

/// Stories of what the two engines do differently: each runs on both.
macro_rules! on_both_engines {
    ($($story:tt)+) => {
        stories!(sqlite, on_sqlite, must_balance, [$($story)+]);
        stories!(postgres, on_postgres, must_balance, [$($story)+]);
    };
}

/// Stories in which money moves: each runs on both engines, and at its end every report must say
/// the same from the sums and from the journal.
macro_rules! money_on_both_engines {
    ($($story:tt)+) => {
        stories!(money_on_sqlite, on_sqlite, reports_must_agree, [$($story)+]);
        stories!(money_on_postgres, on_postgres, reports_must_agree, [$($story)+]);
    };
}

/// Stories of words, pages and wrong input, which no engine decides: each runs on the faster one.
macro_rules! on_one_engine {
    ($($story:tt)+) => {
        stories!(one_engine, on_sqlite, must_balance, [$($story)+]);
    };
}

/// Stories of a database that no migration has seen.
macro_rules! on_empty_databases {
    ($($story:tt)+) => {
        stories!(empty_sqlite, empty_on_sqlite, must_balance, [$($story)+]);
        stories!(empty_postgres, empty_on_postgres, must_balance, [$($story)+]);
    };
}

/// When every story begins: ten in the morning in Paris.
pub const MORNING: &str = "2026-03-10T09:00:00Z";

pub struct House {
    pub app: Arc<App>,
    pub clock: Arc<MovedClock>,
    pub address: String,
    random: SecureRandom,
    serving: Mutex<Option<Serving>>,
    /// Dropped after everything that stands on it.
    pub ground: Ground,
}

/// A server that answers, and the thread it answers on.
struct Serving {
    stop: ServerHandle,
    thread: JoinHandle<()>,
}

impl From<Ground> for House {
    fn from(ground: Ground) -> Self {
        let clock = Arc::new(MovedClock::at(instant(MORNING)));
        let app = Arc::new(ground.app(clock.clone()));
        app.prepare().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let serving = Mutex::new(Some(serve(Arc::clone(&app), listener)));
        let random = SecureRandom::from_system().unwrap();
        Self { app, clock, address, random, serving, ground }
    }
}

fn serve(app: Arc<App>, listener: TcpListener) -> Serving {
    let (sender, receiver) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let listeners = Listeners { people: listener, machines: None, requests_per_second: 0 };
            let server = server::servers(app, listeners, 2).unwrap().remove(0);
            sender.send(server.handle()).unwrap();
            server.await.unwrap();
        });
    });
    Serving { stop: receiver.recv().unwrap(), thread }
}

impl Drop for House {
    fn drop(&mut self) {
        self.closes();
    }
}

impl House {
    /// The service is gone: nobody answers at its address.
    pub fn closes(&self) {
        let Some(serving) = self.serving.lock().unwrap().take() else { return };
        drop(serving.stop.stop(false));
        if serving.thread.join().is_err() {
            println!("the server's thread panicked");
        }
        // Its workers live on threads of their own, which hold the service until they end.
        for _ in 0..500 {
            if Arc::strong_count(&self.app) == 1 {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        println!("a worker of the server did not end");
    }

    /// The service is back at the same address: built anew, it reads its keys again.
    pub fn opens_again(&self) {
        let listener = TcpListener::bind(self.address.trim_start_matches("http://")).unwrap();
        let app = Arc::new(self.ground.app(self.clock.clone()));
        *self.serving.lock().unwrap() = Some(serve(app, listener));
    }

    pub fn door(&self) -> Door {
        Door::at(&self.address)
    }

    pub fn move_to(&self, at: &str) {
        self.clock.move_to(instant(at));
    }

    /// A moment passes, so that what comes next has a later id.
    pub fn tick(&self) {
        self.clock.move_to(self.clock.now().plus_seconds(1));
    }

    pub fn key(&self) -> Uuid {
        self.random.id(self.clock.now())
    }

    /// A name no other thing has: on one morning every id begins alike.
    pub fn unique(&self, name: &str) -> String {
        let key = self.key().simple().to_string();
        format!("{name}-{}", key.get(16..).unwrap())
    }

    /// The first person of an installation, as `user add` makes it.
    pub fn operator(&self) -> Operator {
        let organisation = organisations::NewOrganisation {
            name: "Opérateur".to_owned(),
            siret: None,
            rna: None,
            funder: false,
            prescriber: false,
            venue_operator: false,
        };
        let organisation = organisations::create(&self.app.services, &organisation, None).unwrap();
        Operator(self.person("operator", &organisation.value.id.to_string(), false))
    }

    /// Somebody with an account, as `user add --password-stdin` makes it.
    pub fn person(&self, role: &str, organisation: &str, manager: bool) -> Person {
        let request = users::NewUser {
            email: format!("{}@exemple.fr", self.unique(role)),
            name: role.to_owned(),
            organisation_id: organisation.parse().unwrap(),
            role: role.to_owned(),
            manager,
        };
        let account = users::add(&self.app.services, &request, Some(PASSWORD)).unwrap();
        Person::new(self, &account.email, account.id, organisation)
    }

    /// No euro is missing: every balance is what the postings say, and they add up to zero.
    pub fn must_balance(&self) {
        let verified = verify_ledger::verify_ledger(&self.app.services).unwrap();
        assert_eq!(verified.differences, Vec::<String>::new());
        assert_eq!(verified.sum.0, 0);
    }

    /// What was posted is added to sums and facts now, and not some seconds later.
    pub fn updates_reports(&self) -> i64 {
        update_whole_reports(&self.app.services).unwrap()
    }

    /// The report by each group and by none, of every month of a story.
    fn single_reports(&self, by: By) -> Vec<Report> {
        let groups = Group::ALL.map(|group| vec![group]).into_iter().chain([Vec::new()]);
        groups.map(|groups| self.report_of(groups, (202_501, 203_012), by, None)).collect()
    }

    /// By each group, by each two of them, by three, and by none.
    pub fn every_report(&self, by: By, as_of: Option<Instant>) -> Vec<Report> {
        let alone = Group::ALL.map(|group| vec![group]);
        let pairs = Group::ALL.iter().enumerate().flat_map(|(place, one)| {
            Group::ALL.iter().skip(place + 1).map(|other| vec![*one, *other])
        });
        let three = [Group::Venue, Group::AgeBand, Group::Month];
        let groups = alone.into_iter().chain(pairs).chain([three.to_vec(), Vec::new()]);
        groups.map(|groups| self.report_of(groups, (202_501, 203_012), by, as_of)).collect()
    }

    pub fn report_of(
        &self,
        groups: Vec<Group>,
        (from, to): (i32, i32),
        by: By,
        as_of: Option<Instant>,
    ) -> Report {
        let [from, to] = [from, to].map(|number| Month::from_number(number).unwrap());
        let query = Query { funder: None, programme: None, from, to, groups, by, as_of };
        report(&self.app.services, &query).unwrap()
    }

    /// What the funders read of their money adds up to what the operator reads.
    fn funders_add_up(&self, by: By) {
        let money = |funder| {
            let [from, to] = [202_501, 203_012].map(|number| Month::from_number(number).unwrap());
            let groups = vec![Group::Agreement, Group::Month];
            let query = Query { funder, programme: None, from, to, groups, by, as_of: None };
            let report = report(&self.app.services, &query).unwrap();
            let values = DEFINITIONS.iter().zip(report.totals.values());
            let money = values.filter(|(definition, _)| definition.money).map(|(_, value)| value);
            (money.collect::<Vec<_>>(), report.rows.len())
        };
        let mut conn = self.app.services.store.connect().unwrap();
        let (mut cents, mut rows) = (vec![0; money(None).0.len()], 0);
        for funder in organisation::all(&mut conn).unwrap().into_iter().filter(|one| one.funder) {
            let (of_funder, its_rows) = money(Some(funder.id.0));
            cents.iter_mut().zip(of_funder).for_each(|(sum, one)| *sum += one);
            rows += its_rows;
        }
        assert_eq!((cents, rows), money(None));
    }

    /// What must hold wherever money moved: reports say the same from sums and facts as from the
    /// journal, and every balance is what the postings say.
    pub fn reports_must_agree(&self) {
        let both = [By::AccountingMonth, By::WorkshopDay];
        let before = both.map(|by| self.single_reports(by));
        self.updates_reports();
        assert_eq!(both.map(|by| self.single_reports(by)), before);
        for by in both {
            self.funders_add_up(by);
        }
        self.must_balance();
    }
}

pub fn instant(at: &str) -> Instant {
    Instant::from_utc(at.parse().unwrap())
}
