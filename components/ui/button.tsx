import { LoaderCircle } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'

const LOOKS = {
  primary: 'bg-accent text-accent-ink hover:bg-accent-hover border-transparent',
  plain: 'bg-surface text-ink border-line hover:bg-hover',
  quiet: 'bg-transparent text-ink-soft border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-surface text-bad border-line hover:bg-bad-soft hover:border-bad',
} as const

const SIZES = {
  small: 'h-7 px-2 text-meta gap-1.5',
  medium: 'h-8 px-3 text-table gap-2',
  large: 'h-10 px-4 text-prose gap-2',
  icon: 'size-8 justify-center',
  'icon-small': 'size-7 justify-center',
} as const

type ButtonProps = ComponentProps<'button'> & {
  look?: keyof typeof LOOKS
  size?: keyof typeof SIZES
  pending?: boolean
  asChild?: boolean
}

export const Button = ({ look = 'plain', size = 'medium', pending, asChild, className, ...props }: ButtonProps) => {
  const style = cn(
    'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-medium transition-colors',
    'disabled:cursor-not-allowed disabled:opacity-60',
    LOOKS[look],
    SIZES[size],
    className,
  )
  if (asChild) return <Slot.Root className={style} {...props} />
  return (
    <button
      type="button"
      {...props}
      className={style}
      disabled={pending || props.disabled}
      aria-busy={pending || undefined}
    >
      {pending ? <LoaderCircle aria-hidden className="size-3.5 animate-spin" /> : null}
      {props.children}
    </button>
  )
}
