import type { Texts } from '../en.ts';

export const destinations: Texts['destinations'] = {
  title: '目的地',
  none: {
    title: '还没有投递到任何地方',
    next: '在配置里写一个目的地，例如 DataKit，之后采到的日志就会送到那里。',
  },
  states: {
    starting: '启动中',
    idle: '已全部送达',
    delivering: '投递中',
    retrying: '对方暂不接收',
    failed: '无法打开',
    stopping: '停止中',
    stopped: '已停止',
  },
  delivered: '启动以来已投递',
  waiting: '等待投递',
  oldest: '最早一条已等待',
  deadLetters: '死信',
  nothingYet: '启动以来还没有投递过。',
  lastDelivered: '最近一次投递：{{ago}}。',
};
