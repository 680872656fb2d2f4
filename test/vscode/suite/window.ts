import { join } from "node:path";
import * as vscode from "vscode";
import { onScreen } from "./screen.ts";

const themes = { dark: "Default Dark Modern", light: "Default Light Modern" } as const;
const themeClass = { dark: ".monaco-workbench.vs-dark", light: ".monaco-workbench.vs" } as const;

/** Where a picture of the documentation goes. */
export function pictureOf(name: string): string {
  return join(process.env.NGINX_WEBSOCKET_PICTURES!, `${name}.png`);
}

/** Changes the colours, and waits until the window has them. */
export async function useTheme(theme: keyof typeof themes): Promise<void> {
  const workbench = vscode.workspace.getConfiguration("workbench");
  await workbench.update("colorTheme", themes[theme], vscode.ConfigurationTarget.Global);
  await onScreen({ do: "wait", selector: themeClass[theme], state: "visible" });
}

/** Leaves nothing but editors in a window of this size. */
export async function useBareWindow(width: number, height: number): Promise<void> {
  await onScreen({ do: "size", width, height });
  for (const command of ["closeSidebar", "closePanel", "closeAuxiliaryBar"]) {
    await vscode.commands.executeCommand(`workbench.action.${command}`);
  }
}
