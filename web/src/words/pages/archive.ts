import { plural } from '../plural.ts'

/** Words of the page of that name, loaded with it. */
const countEn = plural('en')

const en = {
  save: 'Save everything',
  saveLead: 'One file with your posts and pictures. Any computer opens it, also without this page, and it can be taken in again here or anywhere else.',
  follows: 'With the list of people I follow',
  followsHint: 'Anybody who has the file can read the list.',
  keys: 'So that I can go on writing from it',
  keysHint: 'Whoever has the file and the passphrase can write in your name.',
  saveButton: 'Save the file',
  saving: 'Writing the file…',
  saved: (posts: number) => `Saved, with ${countEn(posts, { one: '# post', other: '# posts' })}. Keep the file somewhere else than on this device.`,
  missing: (files: number) => `${countEn(files, { one: '# picture file', other: '# picture files' })} could not be had. Try again when your other devices are on.`,
  take: 'Open a saved file',
  takeLead: 'What is missing here is added, and nothing comes twice.',
  file: 'Saved file',
  passphrase: 'Passphrase, if the file has one',
  passphraseHint: 'With it you go on writing here. Without it the wall can be read.',
  takeButton: 'Open',
  checking: 'Looking through the file…',
  taking: 'Adding what is new…',
  taken: (entries: number) => entries === 0 ? 'Everything in it was here already.' : `${countEn(entries, { one: '# new entry', other: '# new entries' })} added.`,
  refused: (entries: number) => `${countEn(entries, { one: '# entry does', other: '# entries do' })} not count here: a device wrote them that was closed before.`,
  problems: {
    'no-root': 'This can only be done on the device you began with. Save the file without the passphrase here.',
    'not-an-archive': 'This is another kind of file. Choose the one that was saved here.',
    'archive-newer': 'This file was made by a newer version. Update first, then open it.',
    'archive-cut': 'The end of this file is missing. Look for another copy of it.',
    'archive-damaged': 'This file was changed or damaged. Look for another copy of it.',
    'archive-too-large': 'There is more in this than one file can hold.',
    'archive-foreign': 'This file is of somebody else. Open it in a browser where nobody has joined yet.',
    'archive-without-keys': 'This file has no passphrase. Leave that field empty to read the wall.'
  }
}

const countZh = plural('zh-CN')

const zhCn: typeof en = {
  save: '全部保存',
  saveLead: '一个文件，包含你的文字和图片。任何电脑都能打开，不需要这个页面；以后可以在这里或别处重新导入。',
  follows: '包含我关注的人',
  followsHint: '拿到文件的人都能看到这份名单。',
  keys: '以后凭它继续发言',
  keysHint: '拿到文件和口令的人，就能以你的名义发言。',
  saveButton: '保存文件',
  saving: '正在写入文件…',
  saved: (posts: number) => `已保存，共 ${countZh(posts, { other: '#' })} 条内容。请把文件放到这台设备以外的地方。`,
  missing: (files: number) => `有 ${countZh(files, { other: '#' })} 个图片文件没有取到。等你的其他设备在线时再试一次。`,
  take: '打开保存的文件',
  takeLead: '只补上这里缺少的，不会重复。',
  file: '保存的文件',
  passphrase: '口令（如果设置过）',
  passphraseHint: '有口令，就能在这里继续发言；没有口令，只能阅读。',
  takeButton: '打开',
  checking: '正在检查文件…',
  taking: '正在补上新的内容…',
  taken: (entries: number) => entries === 0 ? '里面的内容这里都已经有了。' : `已补上 ${countZh(entries, { other: '#' })} 条。`,
  refused: (entries: number) => `有 ${countZh(entries, { other: '#' })} 条在这里不算数：写下它们的设备在那之前已被关闭。`,
  problems: {
    'no-root': '只有在你最初使用的那台设备上才能这样做。在这里请不带口令保存。',
    'not-an-archive': '这是另一种文件。请选择当时在这里保存的文件。',
    'archive-newer': '这个文件由更新的版本生成。请先更新，再打开。',
    'archive-cut': '这个文件的结尾不见了。请找一找其他副本。',
    'archive-damaged': '这个文件被改动过或已损坏。请找一找其他副本。',
    'archive-too-large': '内容太多，一个文件放不下。',
    'archive-foreign': '这个文件属于别人。请在还没有人加入的浏览器里打开。',
    'archive-without-keys': '这个文件没有口令。请把口令留空，就可以阅读。'
  }
}

export const archive = { en, 'zh-CN': zhCn }
