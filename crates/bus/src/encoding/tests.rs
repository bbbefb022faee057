use super::*;
use crate::contract::{aloud, every_notice, head, seen};
use parlor_core::watch::Change;
use parlor_core::{ClientId, Event, EventBody, MessageText, Timestamp};

fn frames(notices: &[Notice]) -> Vec<Vec<u8>> {
    let mut writer = FrameWriter::new(9);
    for notice in notices {
        assert!(writer.put(notice));
    }
    writer.finish()
}

fn read_all(frames: &[Vec<u8>]) -> Vec<Option<Notice>> {
    frames.iter().flat_map(|frame| read_frame(frame).unwrap().1).collect()
}

/// The bytes of each kind, as nodes of other versions read and write them. Written anew with `PARLOR_WRITE=1`.
#[test]
fn every_kind_keeps_its_bytes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/notices.txt");
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let lines: Vec<String> = every_notice()
        .iter()
        .map(|notice| {
            let frame = frames(std::slice::from_ref(notice)).remove(0);
            let kind = format!("{notice:?}").split(['(', ' ', '{']).next().unwrap_or_default().to_owned();
            format!("{kind} {}\n", hex(&frame[HEAD..]))
        })
        .collect();
    if std::env::var_os("PARLOR_WRITE").is_some() {
        std::fs::write(path, lines.concat()).unwrap();
    }
    assert_eq!(lines.concat(), std::fs::read_to_string(path).unwrap());
}

#[test]
fn every_kind_is_read_back() {
    let notices = every_notice();
    let read = read_all(&frames(&notices));
    assert_eq!(read.len(), notices.len());
    for (read, notice) in read.iter().zip(&notices) {
        assert_eq!(read.as_ref().map(seen), Some(seen(notice)));
    }
}

#[test]
fn frames_are_numbered_and_no_larger_than_a_server_takes() {
    let line = "x".repeat(FULL / 3);
    let mut notices: Vec<Notice> = (0..10).map(|_| aloud(&line)).collect();
    notices.push(aloud(&"x".repeat(MOST_ENTRY - 100)));
    notices.push(head(1));
    let frames = frames(&notices);
    for (frame, number) in frames.iter().zip(1..) {
        let (head, _) = read_frame(frame).unwrap();
        assert_eq!((head.node, head.number), (9, number));
        assert!(frame.len() < 1024 * 1024);
    }
    assert_eq!(read_all(&frames).len(), notices.len());
    let mut writer = FrameWriter::new(9);
    assert!(!writer.put(&aloud(&"x".repeat(MOST_ENTRY))), "it is too large to travel");
    assert_eq!(read_all(&writer.finish()).len(), 0);
}

#[test]
fn an_unknown_kind_is_passed_over() {
    let mut frame = frames(&[head(1)]).remove(0);
    frame.extend_from_slice(&[250, 2, 0, 0, 0, 1, 2]);
    frame.extend_from_slice(&frames(&[head(2)]).remove(0)[HEAD..]);
    let read = read_all(&[frame]);
    assert_eq!(read.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
}

#[test]
fn broken_bytes_are_no_panic() {
    let whole = frames(&every_notice()).concat();
    for at in HEAD..whole.len() {
        let _ = read_frame(&whole[..at]).unwrap().1.count();
        let mut changed = whole.clone();
        changed[at] ^= 0x55;
        let _ = read_frame(&changed).unwrap().1.count();
    }
}

#[test]
fn large_events_and_those_with_data_of_the_log_travel_as_their_place() {
    let event = |place, body| {
        Arc::new(Event {
            group: GroupId::new(7).unwrap(),
            epoch: Epoch::new(1).unwrap(),
            seq: Seq::new(place).unwrap(),
            at: Timestamp::from_millis(0),
            by: Author { id: AccountId::new(3).unwrap(), name: DisplayName::from_stored("Ada") },
            body,
        })
    };
    let message = |length: usize| EventBody::Message {
        text: Some(MessageText::from_stored(&"x".repeat(length))),
        client_id: ClientId::from_stored("c"),
        reply_to: None,
        files: Vec::new(),
    };
    let player = EventBody::Player(Arc::new(Change::Removed { item: parlor_core::ItemId::new(1).unwrap() }));
    let events: Arc<[Arc<Event>]> = (0..600)
        .map(|place| event(place + 1, message(100)))
        .chain([event(601, message(70_000)), event(602, player), event(603, message(1))])
        .collect();
    let mut next = 1;
    for notice in read_all(&frames(&[Notice::Events(events)])) {
        match notice.unwrap() {
            Notice::Events(events) => {
                for event in events.iter() {
                    assert_eq!(event.seq.get(), next);
                    next += 1;
                }
            }
            Notice::Head { position, .. } => {
                assert!([601, 602].contains(&next));
                assert_eq!(position.seq.get(), next);
                next += 1;
            }
            other => panic!("unexpected {other:?}"),
        }
    }
    assert_eq!(next, 604);
}
