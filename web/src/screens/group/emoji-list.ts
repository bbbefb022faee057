// The emojis that the picker offers, with the words by which one looks for them. A choice, not the whole of Unicode: any
// other emoji can be put into a message by the keyboard of the system.
export interface Emoji {
  readonly emoji: string;
  readonly words: string;
}

const list = (text: string): readonly Emoji[] =>
  text.trim().split('\n').map((line) => {
    const [emoji, ...words] = line.trim().split(' ');
    return { emoji: emoji!, words: words.join(' ') };
  });

export const EMOJI_GROUPS: readonly { readonly name: string; readonly emojis: readonly Emoji[] }[] = [
  {
    name: 'Faces',
    emojis: list(`
      😀 grin happy smile
      😄 laugh happy joy
      😁 beam teeth
      😆 squint laugh
      😅 sweat relief phew
      😂 tears joy lol
      🤣 rolling floor rofl
      🙂 slight smile
      🙃 upside down irony
      😉 wink
      😊 blush warm
      😇 angel halo innocent
      🥰 love hearts adore
      😍 heart eyes love
      🤩 star struck wow
      😘 kiss
      😋 yum tasty
      😜 tongue wink silly
      🤪 zany crazy
      🤔 think hmm
      🤨 eyebrow doubt
      😐 neutral meh
      😏 smirk
      😒 unamused
      🙄 eye roll
      😬 grimace awkward
      😌 relieved calm
      😴 sleep tired
      🤒 sick fever
      🤯 mind blown
      🥳 party celebrate
      😎 cool sunglasses
      🤓 nerd glasses
      😕 confused
      😟 worried
      😮 oh surprised
      😲 astonished
      😳 flushed
      🥺 pleading please
      😢 cry sad tear
      😭 sob crying
      😱 scream fear
      😤 huff triumph
      😡 angry rage
      💀 skull dead
      🤡 clown
      👻 ghost
      👽 alien
      🤖 robot
    `),
  },
  {
    name: 'Hands and people',
    emojis: list(`
      👍 thumbs up yes good like
      👎 thumbs down no bad
      👌 ok fine
      ✌️ peace victory
      🤞 fingers crossed luck
      🤘 rock horns
      👋 wave hello bye
      👏 clap applause
      🙌 hooray hands raised
      🙏 please thanks pray
      🤝 handshake deal
      💪 strong muscle
      👀 eyes look watching
      🫡 salute
      🤷 shrug dunno
      🤦 facepalm
      🙋 raise hand me question
      💃 dance
      🕺 dance disco
      🧠 brain smart
      👑 crown king queen
    `),
  },
  {
    name: 'Hearts and signs',
    emojis: list(`
      ❤️ heart love red
      🧡 heart orange
      💛 heart yellow
      💚 heart green
      💙 heart blue
      💜 heart purple
      🖤 heart black
      💔 broken heart
      💯 hundred perfect
      ✅ check done yes
      ❌ cross no wrong
      ❓ question
      ❗ exclamation important
      ⚠️ warning careful
      ⭐ star
      ✨ sparkles shiny
      🔥 fire hot lit
      💥 boom bang
      💡 idea light bulb
      🎯 target exactly
      🏁 finish flag
      ➕ plus add
      🔁 repeat again
      ⏳ wait hourglass
      🔒 lock secret
      🔗 link
      📌 pin
    `),
  },
  {
    name: 'Nature and food',
    emojis: list(`
      🐶 dog
      🐱 cat
      🐭 mouse
      🦊 fox
      🐻 bear
      🐼 panda
      🐸 frog
      🐵 monkey
      🦄 unicorn
      🐝 bee
      🐢 turtle
      🐙 octopus
      🐧 penguin
      🦀 crab
      🌵 cactus
      🌲 tree
      🌻 sunflower
      🌈 rainbow
      ☀️ sun
      🌙 moon night
      ❄️ snow cold
      🌊 wave sea
      🍎 apple
      🍌 banana
      🍓 strawberry
      🍕 pizza
      🍔 burger
      🍟 fries
      🍿 popcorn film
      🍪 cookie
      🎂 cake birthday
      🍺 beer
      🍷 wine
      ☕ coffee
      🍵 tea
    `),
  },
  {
    name: 'Things and activities',
    emojis: list(`
      🎉 party tada congratulations
      🎈 balloon
      🎁 gift present
      🏆 trophy win
      🥇 gold medal first
      ⚽ football soccer
      🏀 basketball
      🎮 game play
      🎲 dice
      ♟️ chess
      🎵 music note
      🎸 guitar
      🎬 film movie
      📺 tv watch
      📷 photo camera
      💻 laptop computer code
      🐛 bug
      🛠️ tools fix
      🚀 rocket launch ship
      ✈️ plane travel
      🚲 bike
      🏠 home house
      📚 books read
      ✏️ pencil write
      📅 calendar date
      ⏰ alarm clock time
      💰 money
      📈 chart up
      📣 announce megaphone
      🔔 bell
    `),
  },
];

export function findEmojis(query: string): readonly Emoji[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return EMOJI_GROUPS.flatMap((group) => group.emojis).filter((emoji) => words.every((word) => emoji.words.includes(word) || emoji.emoji === word));
}
