'use client'

import { useTheme } from 'next-themes'
import { Toaster as Sonner, toast } from 'sonner'

export const Toaster = () => {
  const { resolvedTheme } = useTheme()
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      gap={8}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-start gap-3 rounded-md border border-line bg-raised px-3.5 py-3 text-table text-ink shadow-overlay',
          title: 'font-medium',
          description: 'text-ink-muted text-meta',
          icon: 'mt-0.5 text-ink-muted',
          success: '[&_[data-icon]]:text-ok',
          error: '[&_[data-icon]]:text-bad',
          content: 'grow min-w-0',
        },
      }}
    />
  )
}

type Note = { text: string; detail?: string; auditHref?: string | undefined }

const AuditLink = ({ href }: { href: string }) => (
  <a href={href} className="shrink-0 font-medium text-accent text-meta underline underline-offset-2">
    Audit entry
  </a>
)

export const notifyDone = ({ text, detail, auditHref }: Note): void => {
  toast.success(text, {
    ...(detail ? { description: detail } : {}),
    ...(auditHref ? { action: <AuditLink href={auditHref} /> } : {}),
    duration: 8_000,
  })
}

export const notifyFailed = ({ text, detail }: Note): void => {
  toast.error(text, { ...(detail ? { description: detail } : {}), duration: 12_000 })
}
