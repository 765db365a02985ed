import type { ReactNode } from 'react'

type PageHeaderProps = { title: string; text?: ReactNode; children?: ReactNode }

export const PageHeader = ({ title, text, children }: PageHeaderProps) => (
  <div className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
    <div className="grid min-w-0 gap-0.5">
      <h1 className="min-w-0 break-words font-semibold text-ink text-page tracking-[-0.01em]">{title}</h1>
      {text ? <p className="max-w-[88ch] text-ink-muted text-prose">{text}</p> : null}
    </div>
    {children ? <div className="flex flex-wrap items-center gap-2">{children}</div> : null}
  </div>
)
