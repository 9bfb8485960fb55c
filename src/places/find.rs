//! A script in, its map out: from what is given, from what the script says, or from beside it.

use super::Script;
use super::decode::Map;
use super::file::Reader;
use super::names::{beside, local, parts};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Folders above a script that are looked for in a given folder.
const DEPTH: usize = 8;
/// UTF-16 code units of a string in a snapshot. One that has as many is mostly cut off.
const CUT: usize = 1024;
/// How a script says where its map is.
const SAYS: &[u8] = b"sourceMappingURL=";

/// A map, and how a script beside it would be called.
#[derive(Debug)]
pub(super) struct Found {
    pub map: Map,
    pub base: String,
    /// Where the script itself may be: below one of some folders.
    scripts: Vec<(PathBuf, Vec<PathBuf>)>,
}

impl Found {
    /// The script's own text, if it lies where its map was looked for.
    pub(super) fn script(&self, reader: &mut Reader) -> Option<Vec<u8>> {
        self.scripts.iter().find_map(|(file, roots)| reader.read(file, roots).ok().flatten())
    }
}

/// Where the user says that maps are.
#[derive(Debug)]
pub(super) enum Given {
    Folder(PathBuf),
    /// With the script that it says it is of, once somebody has asked.
    File(PathBuf, OnceLock<Option<String>>),
}

impl Given {
    pub(super) fn path(&self) -> &Path {
        let (Self::Folder(path) | Self::File(path, _)) = self;
        path
    }

    pub(super) fn new(path: &Path) -> Result<Self, String> {
        match path.metadata() {
            Ok(it) if it.is_dir() => Ok(Self::Folder(path.to_owned())),
            Ok(it) if it.is_file() => Ok(Self::File(path.to_owned(), OnceLock::new())),
            Ok(_) => Err(format!("{}: neither a source map nor a folder", path.display())),
            Err(e) => Err(format!("no source maps are read from {}: {e}", path.display())),
        }
    }
}

/// Where a map may be.
enum Place {
    /// In a file below one of some folders, which a script names by this URL.
    File(PathBuf, Vec<PathBuf>, Option<String>),
    /// In a script below one of some folders.
    Script(PathBuf, Vec<PathBuf>),
    /// In a text.
    Text(String),
}

/// The map of a script, and what is wrong with one that was found before it.
pub(super) fn find(
    given: &[Given],
    reader: &mut Reader,
    script: Script<'_>,
) -> (Option<Found>, Option<String>) {
    let mut wrong = None;
    let places = places(given, reader, script);
    let scripts = places.iter().filter_map(|place| match place {
        Place::Script(file, roots) => Some((file.clone(), roots.clone())),
        _ => None,
    });
    let scripts: Vec<_> = scripts.collect();
    for place in places {
        match read(reader, script, place) {
            Ok(Some((map, base))) => return (Some(Found { map, base, scripts }), wrong),
            Ok(None) => {}
            Err(e) => {
                wrong.get_or_insert(e);
            }
        }
    }
    (None, wrong)
}

fn places(given: &[Given], reader: &mut Reader, script: Script<'_>) -> Vec<Place> {
    let mut places = Vec::new();
    let parts = parts(script.name);
    let said = script.map.filter(|map| !map.starts_with("data:") || map.len() < CUT);
    let mut roots = Vec::new();
    for given in given {
        match given {
            Given::File(file, of) if is_of(file, of, said, &parts, reader) => {
                places.push(Place::File(file.clone(), vec![folder_of(file)], None));
            }
            Given::File(..) => {}
            Given::Folder(folder) => {
                roots.push(folder.clone());
                for from in parts.len().saturating_sub(DEPTH)..parts.len() {
                    let path: PathBuf = parts[from..].iter().collect();
                    add(&mut places, &folder.join(path), std::slice::from_ref(folder), said);
                }
            }
        }
    }
    if let Some(map) = said.filter(|map| map.starts_with("data:")) {
        places.push(Place::Text(map.to_owned()));
    }
    if let Some(path) = local(script.name)
        && let Some(folder) = path.parent()
    {
        roots.insert(0, folder.to_owned());
        add(&mut places, &path, &roots, said);
    }
    places
}

fn folder_of(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// Beside a script, and in it.
fn add(places: &mut Vec<Place>, script: &Path, roots: &[PathBuf], said: Option<&str>) {
    let Some(folder) = script.parent().filter(|folder| folder.is_dir()) else { return };
    if let Some(url) = said.filter(|map| !map.starts_with("data:"))
        && let Some(file) = beside(folder, url)
    {
        places.push(Place::File(file, roots.to_vec(), Some(url.to_owned())));
    }
    places.push(Place::Script(script.to_owned(), roots.to_vec()));
    let mut name = script.as_os_str().to_owned();
    name.push(".map");
    places.push(Place::File(name.into(), roots.to_vec(), None));
}

/// Whether a given file is the map of a script: by its name, or by what it says.
fn is_of(
    file: &Path,
    of: &OnceLock<Option<String>>,
    said: Option<&str>,
    parts: &[String],
    reader: &mut Reader,
) -> bool {
    let Some(script) = parts.last() else { return false };
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let said = said.and_then(|map| map.rsplit('/').next());
    name == format!("{script}.map")
        || said.is_some_and(|said| said == name)
        || of.get_or_init(|| script_of(file, reader)).as_ref() == Some(script)
}

/// The name of the script that a map says it is of.
fn script_of(file: &Path, reader: &mut Reader) -> Option<String> {
    #[derive(Deserialize)]
    struct Head<'a> {
        #[serde(borrow, default)]
        file: Option<&'a RawValue>,
    }
    let text = reader.read(file, &[folder_of(file)]).ok().flatten()?;
    let head: Head<'_> = serde_json::from_slice(&text).ok()?;
    let script: String = serde_json::from_str(head.file?.get()).ok()?;
    script.rsplit(['/', '\\']).next().map(str::to_owned)
}

/// A map, and how a script beside it would be called.
fn read(
    reader: &mut Reader,
    script: Script<'_>,
    place: Place,
) -> Result<Option<(Map, String)>, String> {
    let name = || script.name.to_owned();
    let (text, base, file) = match place {
        Place::Text(url) => (data(&url)?, name(), None),
        Place::File(file, roots, url) => {
            let text = reader.read(&file, &roots).map_err(|e| in_file(&file, &e))?;
            let Some(text) = text else { return Ok(None) };
            let base = url.map_or_else(name, |url| base(script.name, &url, &file));
            (text, base, Some(file))
        }
        Place::Script(file, roots) => {
            let Ok(Some(text)) = reader.read(&file, &roots) else { return Ok(None) };
            let Some(url) = said_in(&text) else { return Ok(None) };
            if !url.starts_with("data:") {
                let map = file.parent().and_then(|folder| beside(folder, &url));
                let Some(map) = map else { return Ok(None) };
                return read(reader, script, Place::File(map, roots, Some(url)));
            }
            (data(&url).map_err(|e| in_file(&file, &e))?, name(), Some(file))
        }
    };
    let map = Map::read(&text);
    let map = map.map_err(|e| file.map_or_else(|| e.clone(), |file| in_file(&file, &e)))?;
    Ok(Some((map, base)))
}

fn in_file(file: &Path, what: &str) -> String {
    format!("{}: {what}", crate::text::visible(&file.display().to_string()))
}

/// How a script beside the map would be called, from whose folder sources are told: where the script
/// says that the map is, wherever it has been brought since.
fn base(script: &str, url: &str, file: &Path) -> String {
    match local(url) {
        Some(_) => file.to_string_lossy().into_owned(),
        None => super::names::joined(script, url),
    }
}

/// Where a script says that its map is: the last that it says of it.
fn said_in(text: &[u8]) -> Option<String> {
    let at = memchr::memmem::rfind(text, SAYS)?;
    let said = &text[at + SAYS.len()..];
    let end = said.iter().position(|byte| byte.is_ascii_whitespace() || b"'\"*".contains(byte));
    let said = std::str::from_utf8(&said[..end.unwrap_or(said.len())]).ok()?;
    let comment = text[..at].trim_ascii_end();
    let is_comment = [&b"//#"[..], b"//@", b"/*#", b"/*@"].iter().any(|c| comment.ends_with(c));
    (is_comment && !said.is_empty()).then(|| said.to_owned())
}

/// What a `data:` URL holds.
fn data(url: &str) -> Result<Vec<u8>, String> {
    let wrong = || "its data: URL cannot be read".to_owned();
    let (kind, text) = url.split_once(',').ok_or_else(wrong)?;
    let bytes: Vec<u8> = percent_decode_str(text).collect();
    if !kind.to_ascii_lowercase().ends_with(";base64") {
        return Ok(bytes);
    }
    let without_end = bytes.trim_ascii().strip_suffix(b"==");
    let bytes = without_end.or_else(|| bytes.strip_suffix(b"=")).unwrap_or(&bytes);
    data_encoding::BASE64_NOPAD.decode(bytes).map_err(|_| wrong())
}
