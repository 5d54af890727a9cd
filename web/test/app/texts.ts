import type { Language } from '../../src/words/index.tsx'

export interface Texts {
  me: string
  myBio: string
  friends: Array<{ name: string, bio: string }>
  one: string
  walk: string
  bread: string
  quiet: string
  edited: string
  warned: string
  warning: string
  formatted: string
  album: string
  bidi: string
  long: string
  offline: string
  lines: string[]
  alts: string[]
}

const BIDI = 'سلام از شیراز! امروز هوا عالی بود و با مادرم به باغ رفتیم. قرار ما ساعت 18:00 کنار کتابخانه.'

export const texts: Record<Language, Texts> = {
  en: {
    me: 'Mara Lind',
    myBio: 'Printmaker. Mostly ink, sometimes bread.',
    friends: [
      { name: 'Anna Forsell', bio: 'Walks, lakes, a small bakery on Fridays.' },
      { name: 'Tom Okafor', bio: 'Teaches physics, repairs radios.' },
      { name: 'Yusuf', bio: '' }
    ],
    one: 'First light on the ridge this morning. Worth every cold finger.',
    walk: 'Twelve kilometres along the shore and not one other person. The ice is nearly gone; by the weekend one can **swim**, if one is brave.',
    bread: 'New oven, first loaves. The left one is for whoever helps me carry flour on Friday.',
    quiet: 'Quiet week. Reading, mending, looking out of the window.',
    edited: 'The exhibition opens on Thursday at seven, in the old fire station. Bring somebody who says they do not like prints.',
    warned: 'We said goodbye to Bruno yesterday. Fourteen years, and he wagged his tail to the end. Thank you all for the walks.',
    warning: 'A dog that died',
    formatted: 'For those who asked about the soup:\n\n1. Roast the *tomatoes* for an hour, slowly\n2. Onions, garlic, a spoon of `paprika`\n3. Everything into the pot, twenty minutes\n\n> The secret is the hour, not the paprika.\n\nThe whole thing is written down at https://kitchen.example/soup',
    album: 'The trip in five pictures. More when I have slept.',
    bidi: BIDI,
    long: ('I have been thinking about the radio I repaired last month. It is from 1957, and somebody had written a name inside the case with a soft pencil: “Elsa, Christmas”. There is no other trace of her.\n\nThe set itself was easy. Two capacitors, one valve, a lot of dust. What took long was the dial cord, which had been mended three times by three different people, each with their own knot.\n\n').repeat(6),
    offline: 'Written on the train, between two tunnels. It will find its way.',
    lines: [
      'Does anybody have a ladder that reaches a third floor? For a good reason.',
      'The library extends its hours from Monday. Finally.',
      'Found: one red mitten, left hand, near the bridge.',
      'Rain, then sun, then both. The allotment is happy.',
      'Rehearsal moved to Wednesday. Altos: please count.'
    ],
    alts: ['Hills in morning mist, one behind the other', 'A calm sea under a low sun', 'A row of houses at dusk, lights in the windows', 'Loaves and plates on a wooden table']
  },
  'zh-CN': {
    me: '林墨',
    myBio: '做版画，偶尔烤面包。',
    friends: [
      { name: '安然', bio: '走路、看湖，每周五开一家小面包店。' },
      { name: '陈涛', bio: '教物理，修收音机。' },
      { name: 'Yusuf', bio: '' }
    ],
    one: '今天早上山脊上的第一缕光。冻僵手指也值得。',
    walk: '沿着湖边走了十二公里，一个人也没遇到。冰快化完了；到了周末，胆子大的人就可以**游泳**了。',
    bread: '新烤箱，第一炉面包。左边那个留给周五帮我搬面粉的人。',
    quiet: '安静的一周。看书，缝补，望着窗外。',
    edited: '展览周四晚上七点开幕，在老消防站。请带上一位说自己不喜欢版画的朋友。',
    warned: '昨天我们和布鲁诺告别了。十四年，直到最后它都在摇尾巴。谢谢大家陪它散过的步。',
    warning: '一只狗的离世',
    formatted: '有人问起那道汤：\n\n1. 番茄*慢慢*烤一个小时\n2. 洋葱、大蒜，一勺 `paprika`\n3. 全部下锅，二十分钟\n\n> 秘诀是那一个小时，不是辣椒粉。\n\n完整做法在 https://kitchen.example/soup',
    album: '五张照片讲完这趟旅行。睡醒了再补。',
    bidi: BIDI,
    long: '我一直在想上个月修好的那台收音机。它是一九五七年的，有人用软铅笔在机壳里写了一个名字：“爱莎，圣诞”。除此之外，再没有她的任何痕迹。\n\n机器本身不难修：两个电容，一只电子管，很多灰尘。最费时间的是调谐拉线，它被三个不同的人修过三次，每个人打的结都不一样。\n\n'.repeat(12),
    offline: '写于火车上，两个隧道之间。它会自己找到路的。',
    lines: [
      '谁有能够到三楼的梯子？有正当理由。',
      '图书馆从周一起延长开放时间，终于。',
      '桥边捡到一只红色手套，左手的。',
      '先下雨，再出太阳，然后一起来。菜园很高兴。',
      '排练改到周三。女低音请数好拍子。'
    ],
    alts: ['晨雾中层层叠叠的山丘', '低垂的太阳下平静的海', '黄昏的一排房子，窗里亮着灯', '木桌上的面包和盘子']
  }
}
