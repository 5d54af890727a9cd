/** Words of the page of that name, loaded with it. */
const en = {
  lead: 'Twelve words bring you back when all your devices are lost. Write them on paper, in their order, and keep the paper where only you look.',
  warning: 'Whoever has these words can write in your name. Nobody will ever ask you for them.',
  show: 'Show the words',
  list: 'Your words',
  written: 'I have written them down',
  askTitle: 'Three of them, please',
  askLead: 'Look at your paper, so that you know it is right.',
  word: (n: number) => `Word ${n}`,
  check: 'Check',
  wrong: (places: string) => `Not the right word: ${places}. Look at your paper again.`,
  again: 'Show the words again',
  done: 'These are right. Keep the paper in a safe place.',
  kept: 'You have written these words down and checked them.'
}

const zhCn: typeof en = {
  lead: '所有设备都丢失时，凭这十二个单词就能找回一切。请按顺序写在纸上，放在只有你会去看的地方。',
  warning: '谁有这些单词，谁就能以你的名义发言。没有人会向你索要它们。',
  show: '显示单词',
  list: '你的单词',
  written: '我已经写下来了',
  askTitle: '请输入其中三个',
  askLead: '看着你的纸输入，确认没有写错。',
  word: (n: number) => `第 ${n} 个单词`,
  check: '检查',
  wrong: (places: string) => `单词不对：${places}。请再看看你的纸。`,
  again: '再次显示单词',
  done: '都对。请把纸收好。',
  kept: '你已经写下这些单词，并核对过。'
}

export const recoveryWords = { en, 'zh-CN': zhCn }
