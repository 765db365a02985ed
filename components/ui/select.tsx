import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cn } from './cn'
import { inputStyle } from './field'

type Option = { value: string; label: string }
type SelectProps = ComponentProps<'select'> & { options: readonly Option[] }

// The native element: it has the right keyboard, the right phone picker and no script.
export const Select = ({ options, className, ...props }: SelectProps) => (
  <span className={cn('relative inline-flex', className)}>
    <select {...props} className={cn(inputStyle, 'h-8 appearance-none pr-8')}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
    <ChevronDown aria-hidden className="pointer-events-none absolute top-2 right-2 size-4 text-ink-muted" />
  </span>
)
