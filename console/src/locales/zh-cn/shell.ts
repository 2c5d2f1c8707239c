import type { Texts } from '../en.ts';

export const shell: Texts['shell'] = {
  pages: {
    logs: '日志',
    sources: '采集源',
    destinations: '目的地',
    runs: '执行记录',
    settings: '设置',
  },
  skipToContent: '跳到正文',
  language: '语言',
  theme: '主题',
  themes: { light: '浅色', dark: '深色', auto: '跟随系统' },
  health: {
    ok: '一切正常',
    degraded: '有情况需要看一下',
    failed: '日志没有在流动',
    unreachable: '服务没有响应',
  },
  failed: {
    title: '没能加载出来',
    retry: '重试',
    next: '怎么办',
  },
  close: '关闭',
  palette: {
    title: '跳转',
    placeholder: '页面、采集源、设置…',
    nothing: '没有叫这个名字的。',
  },
  keys: {
    title: '键盘快捷键',
    search: '搜索',
    time: '时间范围',
    down: '下一行',
    up: '上一行',
    open: '打开这一行',
    close: '关闭',
    nextError: '下一个错误',
    previousError: '上一个错误',
    palette: '跳到任意页面',
    sheet: '这张表',
  },
  notFound: { title: '没有这个页面', back: '去看日志' },
};
