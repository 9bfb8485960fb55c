//! The picture that the README begins with, drawn from what the program prints.

use crate::cli::program;
use crate::gates::plain;
use crate::sample::same_as;
use anstyle::{Color, RgbColor};
use anstyle_svg::{Palette, Term};

const fn rgb(hex: u32) -> RgbColor {
    RgbColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Letters, paper, and what a terminal of these has for red, yellow and cyan, bright and not.
struct Theme {
    file: &'static str,
    letters: u32,
    paper: u32,
    red: u32,
    green: u32,
    yellow: u32,
    cyan: u32,
}

const LIGHT: Theme = Theme {
    file: "docs/picture/light.svg",
    letters: 0x24_29_2f,
    paper: 0xf6_f8_fa,
    red: 0xcf_22_2e,
    green: 0x11_63_29,
    yellow: 0x9a_67_00,
    cyan: 0x09_69_da,
};
const DARK: Theme = Theme {
    file: "docs/picture/dark.svg",
    letters: 0xe6_ed_f3,
    paper: 0x0d_11_17,
    red: 0xff_7b_72,
    green: 0x3f_b9_50,
    yellow: 0xd2_99_22,
    cyan: 0x39_c5_cf,
};

impl Theme {
    fn term(&self) -> Term {
        let of_eight = [
            self.letters,
            self.red,
            self.green,
            self.yellow,
            self.cyan,
            self.red,
            self.cyan,
            self.letters,
        ];
        let palette = Palette(std::array::from_fn(|i| rgb(of_eight[i % 8])));
        Term::new()
            .palette(palette)
            .fg_color(Color::Rgb(rgb(self.letters)))
            .bg_color(Color::Rgb(rgb(self.paper)))
    }
}

#[test]
fn the_readme_begins_with_what_the_program_prints() {
    let mut command = program();
    command.args(plain()).args(["--color=always", "--width=100"]);
    let printed = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let shown = printed.split("\nnext: ").next().unwrap();
    for theme in [LIGHT, DARK] {
        same_as(theme.file, &theme.term().render_svg(shown));
    }
}
