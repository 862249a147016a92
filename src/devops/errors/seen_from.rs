//! The address from which the service saw a request, where its message tells it.

use std::net::IpAddr;

/// Returns the first IP address in a message of the service
///
/// The service has no field for it: a policy for addresses writes the address into its sentence.
pub(crate) fn seen_from(message: &str) -> Option<IpAddr> {
    let is_part = |c: char| c.is_ascii_hexdigit() || matches!(c, '.' | ':');
    // A word may end with the sentence, or be followed by a colon.
    let mut words = message.split(|c: char| !is_part(c)).map(|word| word.trim_end_matches(['.', ':']));
    words.find_map(|word| word.parse().ok().filter(|address: &IpAddr| !address.is_unspecified()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_a_sentence_and_other_numbers_are_not_addresses() {
        for (message, address) in [
            ("The IP address 203.0.113.7 is not allowed.", Some("203.0.113.7")),
            ("Client address: 198.51.100.20", Some("198.51.100.20")),
            ("It came from '2001:db8::17': denied", Some("2001:db8::17")),
            ("Blocked from 203.0.113.7.", Some("203.0.113.7")),
            ("VS403463: The conditional access policy has failed.", None),
            ("TF400813: The user 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa' is not authorized", None),
            ("version 10.0.19041.1, at 12:30:00, ::", None),
        ] {
            assert_eq!(seen_from(message).map(|found| found.to_string()).as_deref(), address, "{message}");
        }
    }
}
