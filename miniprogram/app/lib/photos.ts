/** Photos from the camera or the album: made small on the phone, kept until they are sent. */

export const MOST = 9;
const LONGEST = 1600; // px of the longer side: enough to read a meter, little enough for a slow line
const QUALITY = 80;

/** Asks for up to `left` photos. None where the person changed their mind. */
export async function choosePhotos(left: number): Promise<string[]> {
  const chosen = await new Promise<string[]>((resolve) => {
    wx.chooseMedia({
      count: left,
      mediaType: ["image"],
      sourceType: ["album", "camera"],
      sizeType: ["compressed"],
      success: ({ tempFiles }) => resolve(tempFiles.map((photo) => photo.tempFilePath)),
      fail: () => resolve([]),
    });
  });
  const kept: string[] = [];
  for (const photo of chosen) kept.push(keep(await smaller(photo)));
  return kept;
}

function smaller(photo: string): Promise<string> {
  return new Promise((resolve) => {
    wx.getImageInfo({
      src: photo,
      success: ({ width, height }) => {
        const side = width >= height ? { compressedWidth: LONGEST } : { compressedHeight: LONGEST };
        wx.compressImage({
          src: photo,
          quality: QUALITY,
          ...(Math.max(width, height) > LONGEST ? side : {}),
          success: ({ tempFilePath }) => resolve(tempFilePath),
          fail: () => resolve(photo), // the portal makes it smaller
        });
      },
      fail: () => resolve(photo),
    });
  });
}

/** A temporary file may go at any time, a draft waits for the line. */
function keep(photo: string): string {
  try {
    return wx.getFileSystemManager().saveFileSync(photo);
  } catch {
    return photo; // no room: good for as long as WeChat stays open
  }
}

export function isThere(photo: string): boolean {
  try {
    wx.getFileSystemManager().accessSync(photo);
    return true;
  } catch {
    return false;
  }
}

export function dropPhotos(photos: string[]): void {
  for (const filePath of photos) wx.getFileSystemManager().removeSavedFile({ filePath });
}
