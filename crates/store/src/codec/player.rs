//! Changes of a group's player as data of the log, and what they are made of: items, the state of the player, who may do
//! what. Written as JSON objects; a field keeps its meaning for ever.

use crate::{Failure, rows};
use parlor_core::watch::{
    Change, Control, Hands, Item, Kind, Length, Media, MediaTime, Patience, Phase, Play, Rate, Reason, Rev,
    Source, Title, Who,
};
use parlor_core::{AccountId, Epoch, ItemId, Timestamp};
use serde_json::{Map, Value as Json, json};

/// The data of a `player` event; without its version, which the caller adds.
pub(crate) fn change_json(change: &Change) -> Map<String, Json> {
    let json = match change {
        Change::Loaded { item, play } => {
            json!({"change": "loaded", "item": item_json(item), "play": play_json(play)})
        }
        Change::Advanced { play, reason } => {
            json!({"change": "advanced", "play": play_json(play), "reason": reason.as_str()})
        }
        Change::Played { play, reason } => {
            json!({"change": "played", "play": play_json(play), "reason": reason.as_str()})
        }
        Change::Waited { play, whom } => {
            json!({"change": "waited", "play": play_json(play), "whom": ids_json(whom)})
        }
        Change::Added { item } => json!({"change": "added", "item": item_json(item)}),
        Change::Removed { item } => json!({"change": "removed", "item": item.get()}),
        Change::Moved { item, before } => {
            json!({"change": "moved", "item": item.get(), "before": before.map(ItemId::get)})
        }
        Change::Voted { item, by, on } => {
            json!({"change": "voted", "item": item.get(), "by": by.get(), "on": on})
        }
        Change::SkipVoted { by, on } => json!({"change": "skip_voted", "by": by.get(), "on": on}),
        Change::Measured { length } => json!({"change": "measured", "length": length.as_millis()}),
        Change::HandedOver { to } => json!({"change": "handed_over", "to": to.map(AccountId::get)}),
        Change::ControlSet { control, host } => json!({
            "change": "control_set", "control": control_json(*control), "host": host.map(AccountId::get),
        }),
    };
    match json {
        Json::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Reads what [`change_json`] wrote.
pub(crate) fn change(json: &Json) -> Result<Change, Failure> {
    let play = || play(&json["play"]);
    let reason = || named(json["reason"].as_str(), Reason::from_name, "reason");
    Ok(match json["change"].as_str().unwrap_or_default() {
        "loaded" => Change::Loaded { item: item(&json["item"])?, play: play()? },
        "advanced" => Change::Advanced { play: play()?, reason: reason()? },
        "played" => Change::Played { play: play()?, reason: reason()? },
        "waited" => Change::Waited { play: play()?, whom: ids(&json["whom"])? },
        "added" => Change::Added { item: item(&json["item"])? },
        "removed" => Change::Removed { item: item_id(&json["item"])? },
        "moved" => {
            Change::Moved { item: item_id(&json["item"])?, before: nullable(&json["before"], item_id)? }
        }
        "voted" => {
            Change::Voted { item: item_id(&json["item"])?, by: account(&json["by"])?, on: json["on"] == true }
        }
        "skip_voted" => Change::SkipVoted { by: account(&json["by"])?, on: json["on"] == true },
        "measured" => Change::Measured { length: media_time(&json["length"])? },
        "handed_over" => Change::HandedOver { to: nullable(&json["to"], account)? },
        "control_set" => Change::ControlSet {
            control: control(&json["control"])?,
            host: nullable(&json["host"], account)?,
        },
        _ => return Err(broken("change")),
    })
}

/// An item, as it stands in the log, in the state and among what was watched.
pub(crate) fn item_json(item: &Item) -> Json {
    let media = &item.media;
    let (length, measured) = match media.length {
        Length::Unknown => (None, false),
        Length::Known(length) => (Some(length.as_millis()), false),
        Length::Measured(length) => (Some(length.as_millis()), true),
    };
    json!({
        "id": item.id.get(),
        "source": media.source.to_string(),
        "title": media.title.as_str(),
        "kind": media.kind.as_str(),
        "length": length,
        "measured": measured,
        "added_by": item.added_by.get(),
    })
}

/// Reads what [`item_json`] wrote.
pub(crate) fn item(json: &Json) -> Result<Item, Failure> {
    let source = json["source"].as_str().ok_or_else(|| broken("source"))?;
    let length = nullable(&json["length"], media_time)?;
    Ok(Item {
        id: item_id(&json["id"])?,
        media: Media {
            source: Source::parse(source).map_err(Failure::internal)?.source,
            title: Title::from_stored(json["title"].as_str().ok_or_else(|| broken("title"))?),
            kind: named(json["kind"].as_str(), Kind::from_name, "kind")?,
            length: match length {
                None => Length::Unknown,
                Some(length) if json["measured"] == true => Length::Measured(length),
                Some(length) => Length::Known(length),
            },
        },
        added_by: account(&json["added_by"])?,
    })
}

/// The state of a player.
pub(crate) fn play_json(play: &Play) -> Json {
    let until = match play.phase {
        Phase::Preparing { until } => Some(until.as_millis()),
        _ => None,
    };
    json!({
        "epoch": play.epoch.get(),
        "rev": play.rev.get(),
        "item": play.item.map(ItemId::get),
        "phase": play.phase.as_str(),
        "until": until,
        "pos": play.pos.as_millis(),
        "at": play.at.as_millis(),
        "rate": play.rate.as_thousandths(),
    })
}

/// Reads what [`play_json`] wrote.
pub(crate) fn play(json: &Json) -> Result<Play, Failure> {
    let until = || json["until"].as_i64().map(Timestamp::from_millis).ok_or_else(|| broken("until"));
    Ok(Play {
        epoch: json["epoch"].as_i64().and_then(Epoch::new).ok_or_else(|| broken("epoch"))?,
        rev: Rev::new(json["rev"].as_u64().ok_or_else(|| broken("rev"))?),
        item: nullable(&json["item"], item_id)?,
        phase: match json["phase"].as_str().unwrap_or_default() {
            "idle" => Phase::Idle,
            "preparing" => Phase::Preparing { until: until()? },
            "playing" => Phase::Playing,
            "paused" => Phase::Paused,
            "ended" => Phase::Ended,
            _ => return Err(broken("phase")),
        },
        pos: media_time(&json["pos"])?,
        at: json["at"].as_i64().map(Timestamp::from_millis).ok_or_else(|| broken("at"))?,
        rate: json["rate"]
            .as_u64()
            .and_then(|thousandths| Rate::parse(thousandths as f64 / 1_000.0).ok())
            .ok_or_else(|| broken("rate"))?,
    })
}

/// Who may do what.
pub(crate) fn control_json(control: Control) -> Json {
    json!({
        "playback": control.playback.as_str(),
        "choice": control.choice.as_str(),
        "queue": control.queue.as_str(),
        "patience": control.patience.as_str(),
    })
}

/// Reads what [`control_json`] wrote.
pub(crate) fn control(json: &Json) -> Result<Control, Failure> {
    Ok(Control {
        playback: named(json["playback"].as_str(), Hands::from_name, "playback")?,
        choice: named(json["choice"].as_str(), Who::from_name, "choice")?,
        queue: named(json["queue"].as_str(), Who::from_name, "queue")?,
        patience: named(json["patience"].as_str(), Patience::from_name, "patience")?,
    })
}

/// Accounts as a list.
pub(crate) fn ids_json<'a>(accounts: impl IntoIterator<Item = &'a AccountId>) -> Json {
    accounts.into_iter().map(|account| account.get()).collect()
}

/// Reads what [`ids_json`] wrote.
pub(crate) fn ids<T: FromIterator<AccountId>>(json: &Json) -> Result<T, Failure> {
    json.as_array().ok_or_else(|| broken("list"))?.iter().map(account).collect()
}

/// `null`, or something that is read by `read`.
pub(crate) fn nullable<T>(
    json: &Json,
    read: impl Fn(&Json) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    if json.is_null() { Ok(None) } else { read(json).map(Some) }
}

/// An account's id.
pub(crate) fn account(json: &Json) -> Result<AccountId, Failure> {
    rows::account_id(json.as_i64().unwrap_or(0))
}

fn item_id(json: &Json) -> Result<ItemId, Failure> {
    json.as_i64().and_then(ItemId::new).ok_or_else(|| broken("item"))
}

fn media_time(json: &Json) -> Result<MediaTime, Failure> {
    json.as_u64().map(MediaTime::from_millis).ok_or_else(|| broken("position"))
}

fn named<T>(
    name: Option<&str>,
    from_name: impl Fn(&str) -> Option<T>,
    what: &'static str,
) -> Result<T, Failure> {
    name.and_then(from_name).ok_or_else(|| broken(what))
}

fn broken(what: &str) -> Failure {
    Failure::internal(format!("the state of a player lacks {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(change_of: &Change, golden: &str) {
        let json = Json::Object(change_json(change_of));
        assert_eq!(json.to_string(), golden);
        assert_eq!(change(&json).unwrap(), *change_of);
    }

    #[test]
    fn changes_keep_their_shape() {
        let at = Timestamp::from_millis(1_800_000_000_000);
        let (ada, item) = (AccountId::new(3).unwrap(), ItemId::new(9).unwrap());
        let play = Play {
            rev: Rev::new(5),
            item: Some(item),
            phase: Phase::Preparing { until: at },
            pos: MediaTime::from_millis(1_500),
            rate: Rate::parse(1.25).unwrap(),
            ..Play::new(Epoch::new(1).unwrap(), at)
        };
        let film = Item {
            id: item,
            media: Media {
                source: Source::parse("https://example.org/a.mp4").unwrap().source,
                title: Title::parse("A film").unwrap(),
                kind: Kind::Video,
                length: Length::Measured(MediaTime::from_millis(60_000)),
            },
            added_by: ada,
        };
        let played = r#"{"at":1800000000000,"epoch":1,"item":9,"phase":"preparing","pos":1500,"rate":1250,"rev":5,"until":1800000000000}"#;
        let shown = r#"{"added_by":3,"id":9,"kind":"video","length":60000,"measured":true,"source":"https://example.org/a.mp4","title":"A film"}"#;
        for (change, golden) in [
            (
                Change::Loaded { item: film.clone(), play },
                format!(r#"{{"change":"loaded","item":{shown},"play":{played}}}"#),
            ),
            (
                Change::Advanced { play, reason: Reason::End },
                format!(r#"{{"change":"advanced","play":{played},"reason":"end"}}"#),
            ),
            (
                Change::Played { play, reason: Reason::Seek },
                format!(r#"{{"change":"played","play":{played},"reason":"seek"}}"#),
            ),
            (
                Change::Waited { play, whom: vec![ada] },
                format!(r#"{{"change":"waited","play":{played},"whom":[3]}}"#),
            ),
            (Change::Added { item: film }, format!(r#"{{"change":"added","item":{shown}}}"#)),
            (Change::Removed { item }, r#"{"change":"removed","item":9}"#.to_owned()),
            (
                Change::Moved { item, before: None },
                r#"{"before":null,"change":"moved","item":9}"#.to_owned(),
            ),
            (
                Change::Voted { item, by: ada, on: true },
                r#"{"by":3,"change":"voted","item":9,"on":true}"#.to_owned(),
            ),
            (
                Change::SkipVoted { by: ada, on: false },
                r#"{"by":3,"change":"skip_voted","on":false}"#.to_owned(),
            ),
            (
                Change::Measured { length: MediaTime::from_millis(7) },
                r#"{"change":"measured","length":7}"#.to_owned(),
            ),
            (Change::HandedOver { to: Some(ada) }, r#"{"change":"handed_over","to":3}"#.to_owned()),
            (
                Change::ControlSet { control: Control::default(), host: None },
                r#"{"change":"control_set","control":{"choice":"everyone","patience":"together","playback":"everyone","queue":"everyone"},"host":null}"#.to_owned(),
            ),
        ] {
            there_and_back(&change, &golden);
        }
        assert!(change(&json!({"change": "unheard of"})).is_err());
    }
}
