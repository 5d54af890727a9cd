import { For, createUniqueId } from 'solid-js'
import { Icon } from './icon.tsx'
import type { JSX } from 'solid-js'

export interface MenuItem {
  label: string
  grave?: boolean
  choose(): void
}

/** A few things to do, behind a button with three dots */
export function Menu (props: { label: string, items: MenuItem[] }): JSX.Element {
  const id = createUniqueId()
  let button: HTMLButtonElement | undefined
  let list: HTMLDivElement | undefined

  const place = (): void => {
    if (button == null || list == null) {
      return
    }

    const at = button.getBoundingClientRect()

    list.style.setProperty('--menu-top', `${at.bottom + window.scrollY}px`)
    list.style.setProperty('--menu-end', `${document.documentElement.clientWidth - at.right}px`)
  }

  return (
    <>
      <button ref={button} type='button' class='icon-button' aria-label={props.label} aria-haspopup='true' popovertarget={id} onClick={place}><Icon name='more' /></button>
      <div ref={list} id={id} popover='auto' class='menu'>
        <For each={props.items}>
          {item => (
            <button
              type='button'
              classList={{ grave: item.grave === true }}
              onClick={() => {
                list?.hidePopover()
                item.choose()
              }}
            >
              {item.label}
            </button>
          )}
        </For>
      </div>
    </>
  )
}
