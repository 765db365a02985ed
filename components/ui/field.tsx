'use client'

import { type ComponentProps, type ReactNode, useId } from 'react'
import { cn } from './cn'

export const inputStyle =
  'w-full rounded-md border border-line-strong bg-surface px-2.5 text-table text-ink focus-visible:outline-offset-0 aria-invalid:border-bad disabled:bg-sunken disabled:text-ink-muted'

export const Input = ({ className, ...props }: ComponentProps<'input'>) => (
  <input autoComplete="off" spellCheck={false} {...props} className={cn(inputStyle, 'h-8', className)} />
)

export const Textarea = ({ className, ...props }: ComponentProps<'textarea'>) => (
  <textarea rows={3} {...props} className={cn(inputStyle, 'py-1.5', className)} />
)

type Wiring = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }

type FieldProps = {
  label: string
  hint?: ReactNode
  error?: string | undefined
  children: (wiring: Wiring) => ReactNode
}

export const Field = ({ label, hint, error, children }: FieldProps) => {
  const id = useId()
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="font-medium text-ink text-table">
        {label}
      </label>
      {children({
        id,
        ...(described ? { 'aria-describedby': described } : {}),
        ...(error ? { 'aria-invalid': true as const } : {}),
      })}
      {hint ? (
        <p id={`${id}-hint`} className="text-ink-muted text-meta">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="text-bad text-meta">
          {error}
        </p>
      ) : null}
    </div>
  )
}

type CheckProps = ComponentProps<'input'> & { label: string; hint?: string }

export const Check = ({ label, hint, className, ...props }: CheckProps) => {
  const id = useId()
  return (
    <div className={cn('flex items-start gap-2.5', className)}>
      <input
        {...props}
        id={id}
        type="checkbox"
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="mt-0.5 size-4 shrink-0 accent-accent"
      />
      <span className="grid">
        <label htmlFor={id} className="text-ink text-table">
          {label}
        </label>
        {hint ? (
          <span id={`${id}-hint`} className="text-ink-muted text-meta">
            {hint}
          </span>
        ) : null}
      </span>
    </div>
  )
}
