'use client'

import { Moon, Sun } from 'lucide-react'
import { useTheme } from 'next-themes'
import { Button } from '@/components/ui/button'
import { Tooltip } from '@/components/ui/tooltip'

export const useThemeToggle = (): (() => void) => {
  const { resolvedTheme, setTheme } = useTheme()
  return () => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark')
}

export const ThemeToggle = () => {
  const toggle = useThemeToggle()
  return (
    <Tooltip text="Light or dark">
      <Button look="quiet" size="icon" aria-label="Switch between light and dark" onClick={toggle}>
        <Sun aria-hidden className="size-4 dark:hidden" strokeWidth={1.75} />
        <Moon aria-hidden className="hidden size-4 dark:block" strokeWidth={1.75} />
      </Button>
    </Tooltip>
  )
}
