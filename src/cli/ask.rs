//! A question and files in, the answer on standard output.

use super::exit::{Exit, Failure};
use super::how::How;
use crate::explore::{Answer, By, Extent, Filter, Order, Page, Pattern, Wanted};
use crate::glob::Glob;

/// What one can ask.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Question {
    /// Show what a snapshot is made of
    #[command(override_usage = "heapdiff summary [OPTIONS] [OLDER] <FILE>")]
    Summary {
        /// One snapshot, or two, oldest first: then classes say how many of their objects are new
        #[arg(required = true, num_args = 1.., value_name = "FILE")]
        files: Vec<String>,
        /// Rows of each list to tell; 0 for all
        #[arg(long, value_name = "N", default_value_t = 10)]
        limit: u64,
        #[command(flatten)]
        how: How,
    },
    /// Show one object: what it is, what holds it, what it has, and what it was before
    #[command(override_usage = "heapdiff show [OPTIONS] [OLDER] <FILE> <ID>")]
    Show {
        /// One snapshot or two, oldest first, and the id of an object, as 79939 or @79939
        #[arg(required = true, num_args = 2.., value_names = ["FILE", "ID"])]
        named: Vec<String>,
        /// Tell the references of the file as they are
        #[arg(long)]
        raw: bool,
        #[command(flatten)]
        page: Paging,
        #[command(flatten)]
        how: How,
    },
    /// Tell who holds an object, and who holds those
    #[command(override_usage = "heapdiff retainers [OPTIONS] [OLDER] <FILE> <ID>")]
    Retainers {
        /// One snapshot or two, oldest first, and the id of an object
        #[arg(required = true, num_args = 2.., value_names = ["FILE", "ID"])]
        named: Vec<String>,
        /// The nearest to the roots first, as in DevTools
        #[arg(long)]
        distance: bool,
        /// Tell also what every way to it leads over
        #[arg(long)]
        dominators: bool,
        /// Levels of the tree
        #[arg(long, value_name = "N", default_value_t = 4)]
        depth: u32,
        /// Holders at each place
        #[arg(long, value_name = "N", default_value_t = 4)]
        breadth: u64,
        #[command(flatten)]
        how: How,
    },
    /// Tell the ways to an object, and what cutting each frees
    #[command(override_usage = "heapdiff path [OPTIONS] [OLDER] <FILE> <ID>")]
    Path {
        /// One snapshot or two, oldest first, and the id of an object
        #[arg(required = true, num_args = 2.., value_names = ["FILE", "ID"])]
        named: Vec<String>,
        /// Independent ways, 16 at most
        #[arg(long, value_name = "N", default_value_t = 3)]
        ways: u64,
        #[command(flatten)]
        how: How,
    },
    /// Tell what the bytes consist of that an object or a class retains
    #[command(override_usage = "heapdiff inside [OPTIONS] [OLDER] <FILE> <ID|CLASS>")]
    Inside {
        /// One snapshot or two, oldest first, and the id of an object or the name of a class
        #[arg(required = true, num_args = 2.., value_names = ["FILE", "ID|CLASS"])]
        named: Vec<String>,
        /// Levels of the tree
        #[arg(long, value_name = "N", default_value_t = 3)]
        depth: u32,
        /// Parts at each place
        #[arg(long, value_name = "N", default_value_t = 6)]
        breadth: u64,
        #[command(flatten)]
        how: How,
    },
    /// List the objects of a class, group them, or tell what they have in common
    #[command(override_usage = "heapdiff list [OPTIONS] --class <GLOB> [OLDER] <FILE>")]
    List {
        /// One snapshot or two, oldest first
        #[arg(required = true, num_args = 1.., value_name = "FILE")]
        files: Vec<String>,
        /// Their class; * is any text, ? any character
        #[arg(long, value_name = "GLOB")]
        class: String,
        #[command(flatten)]
        age: Age,
        /// Only those with such a value in a field, a variable, or a field of its value, as user.name=a*
        /// (may be repeated)
        #[arg(long = "where", value_name = "FIELD=GLOB", value_parser = condition)]
        conditions: Vec<(String, Glob)>,
        /// Their order
        #[arg(long, value_enum, default_value = "retained")]
        sort: Order,
        /// Put them together by the value of a field, or by their location
        #[arg(long, value_name = "FIELD", conflicts_with_all = ["shape", "common"])]
        by: Option<String>,
        /// Put them together by the names of their fields
        #[arg(long, conflicts_with = "common")]
        shape: bool,
        /// Tell what they have in common, and the others of their class have not
        #[arg(long)]
        common: bool,
        #[command(flatten)]
        page: Paging,
        #[command(flatten)]
        how: How,
    },
    /// Tell what strings there are, how often, and what one copy of each would save
    #[command(override_usage = "heapdiff strings [OPTIONS] [OLDER] <FILE>")]
    Strings {
        /// One snapshot or two, oldest first
        #[arg(required = true, num_args = 1.., value_name = "FILE")]
        files: Vec<String>,
        /// Those that have a text somewhere in them
        #[arg(long, value_name = "TEXT", conflicts_with_all = ["glob", "regex"])]
        text: Option<String>,
        /// Those that fit a pattern as a whole; * is any text, ? any character
        #[arg(long, value_name = "GLOB", conflicts_with = "regex")]
        glob: Option<String>,
        /// Those in which a regular expression is found
        #[arg(long, value_name = "REGEX")]
        regex: Option<String>,
        /// Only those that the older snapshot does not have
        #[arg(long)]
        new: bool,
        #[command(flatten)]
        page: Paging,
        #[command(flatten)]
        how: How,
    },
}

/// Objects by the snapshots that have them.
#[derive(Debug, Clone, Copy, clap::Args)]
#[group(multiple = false)]
pub(super) struct Age {
    /// Only those that the older snapshot does not have
    #[arg(long)]
    new: bool,
    /// Only those that both have
    #[arg(long)]
    survived: bool,
    /// Those that only the older one has
    #[arg(long)]
    gone: bool,
}

impl Age {
    const fn wanted(self) -> Option<Wanted> {
        match self {
            Self { new: true, .. } => Some(Wanted::New),
            Self { survived: true, .. } => Some(Wanted::Survived),
            Self { gone: true, .. } => Some(Wanted::Gone),
            _ => None,
        }
    }
}

/// `FIELD=GLOB`.
fn condition(text: &str) -> Result<(String, Glob), String> {
    match text.split_once('=') {
        Some((field, glob)) if !field.is_empty() => Ok((field.to_owned(), Glob::new(glob))),
        _ => Err("a field and a pattern belong here, as in state=open*".to_owned()),
    }
}

impl Question {
    pub(super) const fn how(&self) -> &How {
        match self {
            Self::Show { how, .. }
            | Self::Retainers { how, .. }
            | Self::Path { how, .. }
            | Self::Inside { how, .. }
            | Self::List { how, .. }
            | Self::Strings { how, .. }
            | Self::Summary { how, .. } => how,
        }
    }
}

/// Which part of a long list is wanted.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Paging {
    /// Rows to pass over
    #[arg(long, value_name = "N", default_value_t = 0)]
    from: u64,
    /// Rows to tell; 0 for all
    #[arg(long, value_name = "N", default_value_t = 40)]
    limit: u64,
}

impl Paging {
    const fn page(self) -> Page {
        Page { from: self.from, limit: if self.limit == 0 { u64::MAX } else { self.limit } }
    }
}

/// Answers.
///
/// # Errors
/// If a file cannot be read, or has nothing of that name.
pub(super) fn ask(question: &Question) -> Result<Exit, Failure> {
    match question {
        Question::Show { named, raw, page, how } => {
            let (id, files) = last(named)?;
            let id = id_of(id)?;
            how.answer(files, |heap| {
                Ok(Answer::Show(Box::new(heap.show(id, page.page(), *raw)?)))
            })
        }
        Question::Retainers { named, distance, dominators, depth, breadth, how } => {
            let (id, files) = last(named)?;
            let id = id_of(id)?;
            let extent = Extent { depth: *depth, breadth: *breadth };
            how.answer(files, |heap| {
                let held = heap.retainers(id, extent, *distance, *dominators)?;
                Ok(Answer::Retainers(Box::new(held)))
            })
        }
        Question::Path { named, ways, how } => {
            let (id, files) = last(named)?;
            let id = id_of(id)?;
            how.answer(files, |heap| Ok(Answer::Path(Box::new(heap.paths(id, *ways)?))))
        }
        Question::Inside { named, depth, breadth, how } => {
            let (what, files) = last(named)?;
            let extent = Extent { depth: *depth, breadth: *breadth };
            how.answer(files, |heap| {
                let inside = match id_of(what) {
                    Ok(id) => heap.inside(id, extent)?,
                    Err(_) => heap.inside_class(&Glob::new(what), extent)?,
                };
                Ok(Answer::Inside(Box::new(inside)))
            })
        }
        Question::List { files, class, age, conditions, sort, by, shape, common, page, how } => {
            let (class, age) = (Glob::new(class), age.wanted());
            let filter = Filter { class, age, conditions: conditions.clone() };
            let by = by.clone().map(By::Field).or_else(|| shape.then_some(By::Shape));
            how.answer(files, |heap| {
                let list = match by {
                    Some(by) => heap.group(&filter, &by, page.page()),
                    None if *common => heap.common(&filter, page.page()),
                    None => heap.list(&filter, *sort, page.page()),
                };
                Ok(Answer::List(Box::new(list?)))
            })
        }
        Question::Strings { files, text, glob, regex, new, page, how } => {
            let pattern = pattern(text.as_ref(), glob.as_ref(), regex.as_ref())?;
            how.answer(files, |heap| {
                Ok(Answer::Strings(Box::new(heap.strings(&pattern, *new, page.page())?)))
            })
        }
        Question::Summary { files, limit, how } => {
            let limit = if *limit == 0 { u64::MAX } else { *limit };
            how.answer(files, |heap| Ok(Answer::Summary(Box::new(heap.summary(limit)?))))
        }
    }
}

/// Which strings are wanted.
fn pattern(
    text: Option<&String>,
    glob: Option<&String>,
    regex: Option<&String>,
) -> Result<Pattern, Failure> {
    Ok(match (text, glob, regex) {
        (Some(text), ..) => Pattern::text(text),
        (_, Some(glob), _) => Pattern::glob(glob),
        (.., Some(regex)) => Pattern::regex(regex)?,
        _ => Pattern::copies(),
    })
}

/// The last of some arguments, and those before.
fn last(named: &[String]) -> Result<(&String, &[String]), Failure> {
    named.split_last().ok_or_else(|| Failure::usage("a file and an id are needed"))
}

/// `79939` or `@79939`.
fn id_of(text: &str) -> Result<u64, Failure> {
    let digits = text.strip_prefix('@').unwrap_or(text);
    digits.parse().map_err(|_| {
        Failure::usage(format!("{text} is no id")).hint(Some(
            "an id is a number, last of all arguments: heapdiff show after.heapsnapshot @79939"
                .to_owned(),
        ))
    })
}
