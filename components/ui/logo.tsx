export const Logo = ({ className }: { className?: string }) => (
  <svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth="2.6"
    strokeLinecap="round"
    aria-hidden="true"
    className={className}
  >
    <path d="M17.6 6.2A7.8 7.8 0 1 0 19.8 12" />
    <path d="M12 8.6A3.4 3.4 0 1 1 8.6 12" />
    <path d="M12 12h9" />
  </svg>
)
