//! A word in, the token that it begins out: services give theirs a beginning that nothing else has.

use super::{
    Charset, Secret, WINDOW, is_alphanumeric, is_base64, is_base64url, is_upper_or_digit, is_word,
    run,
};

/// How a kind of token looks.
struct Token {
    /// What it begins with.
    begin: &'static str,
    /// How many bytes follow at least. No more than [`WINDOW`], which is as far as is looked.
    least: usize,
    /// Which bytes follow.
    charset: Charset,
    /// What follows may be a name made of words, as in style sheets: then a digit has to be in it.
    digit: bool,
}

/// Any that is long enough.
const fn any(begin: &'static str, least: usize, charset: Charset) -> Token {
    Token { begin, least, charset, digit: false }
}

/// Only one that has a digit.
const fn odd(begin: &'static str, least: usize, charset: Charset) -> Token {
    Token { begin, least, charset, digit: true }
}

/// Of several that fit, the first.
const TOKENS: [Token; 92] = [
    // GitHub
    any("github_pat_", 20, is_word),
    any("ghp_", 20, is_word),
    any("gho_", 20, is_word),
    any("ghu_", 20, is_word),
    any("ghs_", 20, is_word),
    any("ghr_", 20, is_word),
    // GitLab: of users, deploying, runners, jobs, triggers, feeds, mail, agents, flags, applications.
    any("glpat-", 20, is_dotted),
    any("gldt-", 20, is_dotted),
    any("glrt-", 20, is_dotted),
    any("glrtr-", 20, is_dotted),
    any("glcbt-", 16, is_dotted),
    any("glptt-", 20, is_dotted),
    any("glft-", 20, is_dotted),
    any("glimt-", 20, is_dotted),
    any("glsoat-", 20, is_dotted),
    any("glagent-", 20, is_dotted),
    any("glffct-", 20, is_dotted),
    any("gloas-", 20, is_dotted),
    // Bitbucket, Atlassian
    odd("ATBB", 24, is_alphanumeric),
    odd("ATATT", 30, is_base64url),
    odd("ATCTT", 30, is_base64url),
    // Packages and images
    odd("npm_", 36, is_alphanumeric),
    odd("pypi-AgE", 40, is_base64url),
    odd("rubygems_", 48, is_hex),
    odd("dckr_pat_", 20, is_base64url),
    odd("dckr_oat_", 20, is_base64url),
    // Payment
    any("sk_live_", 16, is_word),
    any("sk_test_", 16, is_word),
    any("rk_live_", 16, is_word),
    any("rk_test_", 16, is_word),
    odd("whsec_", 24, is_base64),
    odd("sq0atp-", 22, is_base64url),
    odd("sq0csp-", 22, is_base64url),
    // Models
    odd("sk-", 18, is_base64url),
    odd("hf_", 30, is_alphanumeric),
    odd("api_org_", 30, is_alphanumeric),
    odd("gsk_", 40, is_alphanumeric),
    odd("xai-", 40, is_alphanumeric),
    odd("pplx-", 40, is_alphanumeric),
    odd("r8_", 36, is_alphanumeric),
    odd("nvapi-", 40, is_base64url),
    // Chat and mail
    any("xoxa-", 10, is_base64url),
    any("xoxb-", 10, is_base64url),
    any("xoxc-", 10, is_base64url),
    any("xoxd-", 10, is_base64url),
    any("xoxe-", 10, is_base64url),
    any("xoxe.xox", 10, is_base64url),
    any("xoxo-", 10, is_base64url),
    any("xoxp-", 10, is_base64url),
    any("xoxr-", 10, is_base64url),
    any("xoxs-", 10, is_base64url),
    odd("xapp-", 20, is_base64url),
    odd("SG.", 40, is_dotted),
    odd("xkeysib-", 60, is_base64url),
    // Clouds
    any("AKIA", 16, is_upper_or_digit),
    any("ASIA", 16, is_upper_or_digit),
    any("AIza", 30, is_base64url),
    odd("ya29.", 30, is_dotted),
    odd("GOCSPX-", 24, is_base64url),
    odd("1//0", 40, is_base64url),
    odd("dop_v1_", 64, is_hex),
    odd("doo_v1_", 64, is_hex),
    odd("dor_v1_", 64, is_hex),
    odd("HRKU-", 32, is_base64url),
    odd("fm2_", 40, is_base64),
    odd("nfp_", 32, is_alphanumeric),
    odd("sbp_", 40, is_hex),
    odd("sb_secret_", 20, is_base64url),
    odd("pscale_tkn_", 30, is_dotted),
    odd("pscale_pw_", 30, is_dotted),
    odd("pscale_oauth_", 30, is_dotted),
    odd("tskey-", 20, is_base64url),
    odd("dapi", 32, is_hex),
    odd("pul-", 40, is_hex),
    // Vaults and keys
    odd("hvs.", 24, is_base64url),
    odd("hvb.", 24, is_base64url),
    odd("hvr.", 24, is_base64url),
    odd("dp.pt.", 40, is_alphanumeric),
    odd("dp.st.", 40, is_dotted),
    odd("AGE-SECRET-KEY-1", 50, is_upper_or_digit),
    // Figures and logs
    odd("glsa_", 32, is_word),
    odd("glc_", 40, is_base64),
    odd("NRAK-", 27, is_upper_or_digit),
    odd("sntrys_", 40, is_base64),
    odd("sntryu_", 64, is_hex),
    // Shops and offices
    odd("shpat_", 32, is_hex),
    odd("shpca_", 32, is_hex),
    odd("shppa_", 32, is_hex),
    odd("shpss_", 32, is_hex),
    odd("lin_api_", 40, is_alphanumeric),
    odd("figd_", 40, is_base64url),
    odd("PMAK-", 50, is_base64url),
];
/// Tokens of these beginnings have exactly as many bytes as the table says.
const FIXED: [&str; 2] = ["AKIA", "ASIA"];
const JWT: &str = "eyJ";

/// A token by its beginning.
pub(super) fn token(rest: &[u8]) -> Option<Secret> {
    if rest.starts_with(JWT.as_bytes()) {
        let length = run(rest, |b| is_base64url(b) || b == b'.');
        return (length >= 20).then_some(Secret { at: 0..length, kind: JWT });
    }
    TOKENS
        .iter()
        .find_map(|token| token.length(rest).map(|n| (token, n)))
        .map(|(token, length)| Secret { at: 0..length, kind: token.begin })
}

impl Token {
    /// Of the token that stands here, if one does.
    fn length(&self, rest: &[u8]) -> Option<usize> {
        let tail = rest.strip_prefix(self.begin.as_bytes())?;
        let head = &tail[..run(&tail[..tail.len().min(WINDOW)], self.charset)];
        let exact = FIXED.contains(&self.begin);
        let fits = if exact { head.len() == self.least } else { head.len() >= self.least };
        let plain = self.digit && !head.iter().any(u8::is_ascii_digit);
        if !fits || plain {
            return None;
        }
        let whole = &tail[..run(tail, self.charset)];
        // A full stop behind it is a sentence's.
        let dots = whole.iter().rev().take_while(|b| **b == b'.').count();
        Some(self.begin.len() + whole.len() - dots)
    }
}

const fn is_dotted(b: u8) -> bool {
    is_base64url(b) || b == b'.'
}

const fn is_hex(b: u8) -> bool {
    b.is_ascii_hexdigit()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every kind, of letters and digits that look like chance.
    #[test]
    fn each_kind_of_token_is_known_and_no_shorter_one() {
        for token in &TOKENS {
            let some = if (token.charset)(b'g') { "q7k2m9x4" } else { "a7c2e9f4" };
            let some = if (token.charset)(b'a') { some } else { "Q7K2M9X4" };
            let exact: String = some.chars().cycle().take(token.least).collect();
            let text = format!("{}{exact}", token.begin);
            let found = super::token(text.as_bytes()).map(|secret| secret.at);
            assert_eq!(found, Some(0..text.len()), "{text}");
            let short = &text.as_bytes()[..text.len() - 1];
            assert_eq!(token.length(short), None, "{text}");
            assert!(token.least <= WINDOW);
        }
    }

    #[test]
    fn names_that_begin_so_are_none() {
        for name in [
            "hf_transformers_generation_config_default",
            "dapiClientForDatabricksWorkspaces2024",
            "pul-request-template-for-the-repository-of-docs",
            "SG.Components.Navigation.Breadcrumb.Item.Label",
            "xai-explainer",
            "glc_shaderUniformLocationOfTheProjection",
            "npm_package_dependencies_typescript_eslint_parser_version_2",
            "tskey-and-value-of-the-map",
        ] {
            assert_eq!(token(name.as_bytes()), None, "{name}");
        }
    }
}
