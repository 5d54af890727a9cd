import type { JSX } from 'solid-js'

const PATHS = {
  home: 'M3.5 10.5 12 3.5l8.5 7M6 9v10.5h12V9M10 19.5v-5.5h4v5.5',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-4 3-6 6.5-6s6.1 2 6.5 6M15.5 4.4a3.5 3.5 0 0 1 0 6.3M17.8 14.5c2.2.8 3.5 2.7 3.7 5.5',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  picture: 'M3.5 5h17v14h-17zM3.5 16l5-5 4.5 4.5 3-3 4.5 4.5M15.5 9.2h.01',
  warning: 'M12 4 21 19.5H3zM12 10v4.5M12 17v.01',
  more: 'M5.5 12a.5.5 0 1 0 1 0 .5.5 0 0 0-1 0M11.5 12a.5.5 0 1 0 1 0 .5.5 0 0 0-1 0M17.5 12a.5.5 0 1 0 1 0 .5.5 0 0 0-1 0',
  close: 'M5.5 5.5l13 13M18.5 5.5l-13 13',
  next: 'M9 5l7 7-7 7',
  previous: 'M15 5l-7 7 7 7',
  back: 'M11 5l-7 7 7 7M4.5 12H20',
  up: 'M12 19V5M6 11l6-6 6 6'
}

/** A line drawing; whatever it stands in has the name */
export function Icon (props: { name: keyof typeof PATHS }): JSX.Element {
  return (
    <svg class='icon' viewBox='0 0 24 24' aria-hidden='true' fill='none' stroke='currentColor' stroke-linecap='round' stroke-linejoin='round'>
      <path d={PATHS[props.name]} />
    </svg>
  )
}
