/** What ⌘K offers, and how it is found. Pure: what a command does is known to the palette alone. */

export type CommandId =
  | { readonly kind: 'page'; readonly to: '/logs' | '/sources' | '/destinations' | '/runs' | '/settings' }
  | { readonly kind: 'source'; readonly id: string }
  | { readonly kind: 'language'; readonly language: 'en' | 'zh-CN' }
  | { readonly kind: 'theme'; readonly scheme: 'light' | 'dark' | 'auto' }
  | { readonly kind: 'keys' };

export interface Command {
  readonly id: CommandId;
  readonly title: string;
  /** Other words by which it is looked for: those of the function platform that people come from among them. */
  readonly words: string;
}

/** Words of the seed's web pages, and where what they meant is found here. Both languages look for them. */
export const SEED_WORDS = {
  '/logs': '日志查看器 日志 数据源 log viewer data source explorer search',
  '/sources': '自动触发配置 定时 采集 trigger schedule collect log group ECS CloudWatch',
  '/destinations': '连接器 测试连通性 DataKit connector connectivity test dead letter',
  '/runs': '近期执行 执行 recent executions run history backfill 补采',
  '/settings': '环境变量 管理 environment variable retention disk access',
} as const;

/** Those that hold every word of what was typed, the ones that begin so first. */
export function findCommands(commands: readonly Command[], typed: string): readonly Command[] {
  const wanted = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const rank = ({ title }: Command) => (title.toLowerCase().startsWith(wanted[0] ?? '') ? 0 : 1);
  return commands
    .filter(({ title, words }) => {
      const text = `${title} ${words}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    })
    .toSorted((a, b) => rank(a) - rank(b));
}
