fn main(){
    let a: Vec<String> = std::env::args().collect();
    if let Err(e)=heapdiff::dump::dump(a[1].as_ref(), a[2].as_ref()) { eprintln!("{e}"); }
}
