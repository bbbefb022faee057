use super::*;
use parlor_core::DisplayName;

fn person(id: i64) -> Author {
    Author { id: AccountId::new(id).unwrap(), name: DisplayName::from_stored(&format!("p{id}")) }
}

fn group() -> GroupId {
    GroupId::new(7).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn ids(people: &[Author]) -> Vec<i64> {
    people.iter().map(|by| by.id.get()).collect()
}

#[test]
fn somebody_is_there_from_the_first_place_to_the_last() {
    let presence = Presence::default();
    let ada = person(1);
    let came = presence.come(group(), &ada);
    assert_eq!(came, Change { on_node: true, at_all: true, is_new_group: true });
    // Another face of this node, and another node.
    assert_eq!(presence.come(group(), &ada), Change::default());
    assert!(presence.hear(2, group(), std::slice::from_ref(&ada), at(14)).is_empty());
    assert_eq!(presence.go(group(), ada.id), Change::default());
    presence.come(group(), &person(3));
    let went = presence.go(group(), ada.id);
    assert_eq!(
        went,
        Change { on_node: true, at_all: false, is_new_group: false },
        "they are on the other node"
    );
    assert_eq!(presence.present(group()), [ada.id, person(3).id]);
    assert_eq!(presence.hear_gone(2, group(), ada.id), Some(ada.clone()));
    assert_eq!(presence.hear_gone(2, group(), ada.id), None, "once");
    assert_eq!(presence.present(group()), [person(3).id]);
}

#[test]
fn the_people_of_a_node_that_says_nothing_are_gone() {
    let presence = Presence::default();
    presence.come(group(), &person(9));
    assert_eq!(ids(&presence.hear(2, group(), &[person(1), person(4)], at(14))), [1, 4]);
    assert_eq!(ids(&presence.hear(3, group(), &[person(1), person(9)], at(16))), Vec::<i64>::new());
    assert!(presence.expire(at(13)).is_empty());
    let gone: Vec<i64> = presence.expire(at(14)).iter().map(|(_, by)| by.id.get()).collect();
    assert_eq!(gone, [4], "another node has the other");
    let gone: Vec<i64> = presence.expire(at(16)).iter().map(|(_, by)| by.id.get()).collect();
    assert_eq!(gone, [1], "the third is here");
}

#[test]
fn what_nobody_here_has_open_is_not_kept() {
    let presence = Presence::default();
    assert!(presence.hear(2, group(), &[person(1)], at(14)).is_empty());
    assert!(presence.present(group()).is_empty());
    presence.come(group(), &person(2));
    presence.hear(2, group(), &[person(1)], at(14));
    presence.go(group(), person(2).id);
    assert!(presence.lock().is_empty());
}
