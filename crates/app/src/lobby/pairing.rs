//! Who is put with whom, within one transaction: a newcomer with one who waits, one left over with two, all who wait at
//! once; and the end of that.

use super::{Scene, Standing};
use crate::Failure;
use parlor_bus::{LobbyNotice, News, Occupant, RoomView};
use parlor_core::lobby::{
    Choice, Departure, LeftOver, Match, Threes, pair_newcomer, pair_waiting, place_left_over,
};
use parlor_core::{AccountId, GroupId, History, RoomId, Timestamp, Waiter, WaiterId};
use parlor_store::places::Place;
use parlor_store::rooms::Room;
use parlor_store::tx::Tx;
use parlor_store::{Write, meetings, places, rooms, speed_chats};
use std::sync::Arc;

/// Pairs one who comes, or lets them wait. While speed chat runs everybody waits for the next round.
pub(super) fn pair_or_wait(
    write: &mut Write<'_>,
    scene: &mut Scene,
    place: Place,
) -> Result<Standing, Failure> {
    scene.tell(LobbyNotice::Changed { group: place.group });
    if !speed_chats::is_running(write, place.group)?
        && let Some(partner) = find_partner(write, scene, &place)?
    {
        let newcomer = Some(place.who);
        let room = make_room(write, scene, vec![partner, place], newcomer, None)?;
        return Ok(Standing::InRoom(room));
    }
    places::put(write, &place)?;
    Ok(Standing::Waiting { since: place.since })
}

fn find_partner(write: &mut Write<'_>, scene: &Scene, newcomer: &Place) -> Result<Option<Place>, Failure> {
    let mut waiting = places::waiting(write, newcomer.group, scene.now)?;
    waiting.retain(|waiter| waiter.id != newcomer.who);
    if waiting.is_empty() {
        return Ok(None);
    }
    let mut history = History::new();
    meetings::add_known(write, &mut history, newcomer.group, newcomer.who)?;
    let choice = match newcomer.who.account() {
        Some(_) => Choice::ByHistory { now: scene.now },
        // They leave no history, and contracts/circle.md wants all alike.
        None => Choice::AtRandom,
    };
    let chosen = pair_newcomer(&newcomer.waiter(), &waiting, &history, choice, &mut scene.chance());
    chosen.map_or(Ok(None), |who| places::load(write, who))
}

/// Puts two or three into a new room. The last of `people` gives it its name in the circle dialect.
pub(super) fn make_room(
    write: &mut Write<'_>,
    scene: &mut Scene,
    people: Vec<Place>,
    newcomer: Option<WaiterId>,
    round_ends_at: Option<Timestamp>,
) -> Result<Arc<RoomView>, Failure> {
    let (Some(group), Some(together), Some(last)) =
        (people.first().map(|place| place.group), together(&people), people.last())
    else {
        return Err(Failure::internal("a room is for two or three"));
    };
    let name = format!("room_{}", last.socket);
    let room = rooms::insert(write, group, &name, scene.now, round_ends_at)?;
    remember(write, group, &together, room.id)?;
    let mut occupants = Vec::with_capacity(people.len());
    for place in people {
        let last = together.partners_of(place.who);
        let place = Place { room: Some(room.id), keeps: false, last, ..place };
        places::put(write, &place)?;
        occupants.push(occupant(place));
    }
    let view = Arc::new(view(room, occupants));
    scene.tell(LobbyNotice::Room { room: view.clone(), news: News::Everybody { newcomer } });
    Ok(view)
}

fn together(people: &[Place]) -> Option<Match> {
    match *people {
        [ref a, ref b] => Some(Match::Two([a.who, b.who])),
        [ref a, ref b, ref c] => Some(Match::Three([a.who, b.who, c.who])),
        _ => None,
    }
}

/// Notes who met. One without an account is remembered only as the last partner, in the place.
fn remember(write: &mut Write<'_>, group: GroupId, together: &Match, room: RoomId) -> Result<(), Failure> {
    let accounts: Vec<WaiterId> =
        together.members().iter().copied().filter(|who| who.account().is_some()).collect();
    match accounts[..] {
        [a, b] => meetings::add(write, group, &Match::Two([a, b]), room),
        [a, b, c] => meetings::add(write, group, &Match::Three([a, b, c]), room),
        _ => Ok(()),
    }
}

/// Pairs all who wait, as after the end of a speed chat.
pub(super) fn pair_all(write: &mut Write<'_>, scene: &mut Scene, group: GroupId) -> Result<(), Failure> {
    let waiting = places::waiting(write, group, scene.now)?;
    let mut history = History::new();
    for waiter in &waiting {
        meetings::add_known(write, &mut history, group, waiter.id)?;
    }
    let decision = pair_waiting(&waiting, &history, Threes::Off, scene.now, &mut scene.chance());
    for pair in decision.matches {
        let people = load_all(write, pair.members())?;
        make_room(write, scene, people, None, None)?;
    }
    scene.tell(LobbyNotice::Changed { group });
    Ok(())
}

/// The places of those, who are known to have one.
pub(super) fn load_all(tx: &mut dyn Tx, who: &[WaiterId]) -> Result<Vec<Place>, Failure> {
    let mut people = Vec::with_capacity(who.len());
    for who in who {
        let place = places::load(tx, *who)?;
        people.push(place.ok_or_else(|| Failure::internal("somebody without a place was paired"))?);
    }
    Ok(people)
}

/// Lets one who is left over join two, where the group allows it and it is time.
pub(super) fn place_the_one_left_over(
    write: &mut Write<'_>,
    scene: &mut Scene,
    group: GroupId,
) -> Result<(), Failure> {
    if places::allows_threes(write, group, scene.now)? != Some(true) || speed_chats::is_running(write, group)?
    {
        return Ok(());
    }
    let left_over = places::waiting(write, group, scene.now)?;
    let [one] = left_over[..] else { return Ok(()) };
    let (open, pairs) = pairs_open_to_a_third(write, group)?;
    let mut history = History::new();
    meetings::add_known(write, &mut history, group, one.id)?;
    let threes = Threes::Allowed { last_arrival: one.since };
    let decided = place_left_over(&left_over, &pairs, &history, threes, scene.now, &mut scene.chance());
    if let LeftOver::Joins(at) = decided
        && let (Some(room), Some(place)) = (open.get(at), places::load(write, one.id)?)
    {
        add_third(write, scene, *room, place)?;
        scene.tell(LobbyNotice::Changed { group });
    }
    Ok(())
}

/// Rooms of two in which nobody is away and nobody would keep what they have to themselves.
fn pairs_open_to_a_third(
    tx: &mut dyn Tx,
    group: GroupId,
) -> Result<(Vec<RoomId>, Vec<[Waiter; 2]>), Failure> {
    let mut found = (Vec::new(), Vec::new());
    for room in rooms::of_group(tx, group)?.iter().filter(|room| room.round_ends_at.is_none()) {
        let people = places::in_room(tx, room.id)?;
        if let [a, b] = &people[..]
            && people.iter().all(|place| !place.keeps && place.vanished_at.is_none())
        {
            found.0.push(room.id);
            found.1.push([a.waiter(), b.waiter()]);
        }
    }
    Ok(found)
}

/// Puts a third into a room of two.
pub(super) fn add_third(
    write: &mut Write<'_>,
    scene: &mut Scene,
    room: RoomId,
    third: Place,
) -> Result<(), Failure> {
    let (who, group) = (third.who, third.group);
    let mut people = places::in_room(write, room)?;
    for other in &people {
        remember(write, group, &Match::Two([who, other.who]), room)?;
    }
    people.push(third);
    let together = together(&people).ok_or_else(|| Failure::internal("a third joins two"))?;
    for place in people {
        // What two would have kept is not what three have.
        let last = together.partners_of(place.who);
        let place = Place { room: Some(room), keeps: false, last, ..place };
        places::put(write, &place)?;
    }
    if let Some(view) = view_of(write, room)? {
        scene.tell(LobbyNotice::Room { room: view, news: News::Joined(who) });
    }
    Ok(())
}

/// Takes somebody out of where they are, tells those who stay, and answers with the place as it would be without a
/// room. The row is gone unless `waits`; whoever waits puts it back.
pub(super) fn step_out(
    write: &mut Write<'_>,
    scene: &mut Scene,
    place: Place,
    why: Departure,
    waits: bool,
) -> Result<Place, Failure> {
    scene.tell(LobbyNotice::Changed { group: place.group });
    places::delete(write, place.who)?;
    let Some(room) = place.room else { return Ok(place) };
    let (who, name) = (place.who, place.name.clone());
    scene.tell(LobbyNotice::Left { room, who, name, why, waits });
    let is_table = rooms::load(write, room)?.is_some_and(|room| room.round_ends_at.is_some());
    if places::in_room(write, room)?.is_empty() {
        rooms::delete(write, room)?;
    }
    if is_table {
        scene.tables_left.insert(place.group);
    }
    Ok(Place { room: None, keeps: false, ..place })
}

/// Takes an account out of a group's lobby because it is no member any more.
pub(crate) fn expel(
    write: &mut Write<'_>,
    scene: &mut Scene,
    group: GroupId,
    account: AccountId,
) -> Result<(), Failure> {
    let who = WaiterId::from(account);
    if let Some(place) = places::load(write, who)?
        && place.group == group
    {
        step_out(write, scene, place, Departure::GroupLeft, false)?;
        scene.tell(LobbyNotice::Out { who, group, why: Departure::GroupLeft });
    }
    Ok(())
}

/// A room as it is; `None` when it is gone.
pub(super) fn view_of(tx: &mut dyn Tx, room: RoomId) -> Result<Option<Arc<RoomView>>, Failure> {
    let Some(found) = rooms::load(tx, room)? else { return Ok(None) };
    let people = places::in_room(tx, room)?.into_iter().map(occupant).collect();
    Ok(Some(Arc::new(view(found, people))))
}

fn view(room: Room, people: Vec<Occupant>) -> RoomView {
    let Room { id, group, name, began_at, round_ends_at } = room;
    RoomView { id, group, name, began_at, round_ends_at, people }
}

fn occupant(place: Place) -> Occupant {
    let Place { who, name, socket, node, keeps, .. } = place;
    Occupant { who, name, socket, node, keeps }
}
