import type { Texts } from '../en.ts';

export const settings: Texts['settings'] = {
  title: '设置',
  server: '本服务',
  since: '自 {{time}} 起运行',
  byFile: '配置写在文件里；改完之后发送 SIGHUP 即可生效。',
  stores: '日志存储',
  noStore: '没有配置 store 类型的目的地，采集到的日志在这里搜索不到。',
  store: '存储',
  records: '记录数',
  onDisk: '占用磁盘',
  oldest: '最早的记录',
  spool: '缓冲队列',
  used: '已用 {{used}}，上限 {{max}}',
  spoolMeaning: '已读取但还没有送达全部目的地的日志。写满之后读取会等待，日志仍保存在 CloudWatch Logs 里。',
  budgets: 'AWS 请求额度',
  api: '接口',
  account: '账号与区域',
  perSecond: '每秒请求数：当前 / 上限',
  waiting: '等待中',
  throttled: '被限流',
};
