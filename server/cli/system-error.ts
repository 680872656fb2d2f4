/** What is said about a path that leads nowhere. */
export const noSuchFile = "no such file or folder";

const phrases: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "is busy",
  EISDIR: "is a folder",
  ELOOP: "symbolic links that lead in a circle",
  ENAMETOOLONG: "the name is too long",
  ENOENT: noSuchFile,
  ENOSPC: "no space left on the device",
  ENOTDIR: "a part of the path is not a folder",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
};

/** A file-system error in a few words. */
export function describeSystemError(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return phrases[code ?? ""] ?? code ?? String(message ?? error);
}
