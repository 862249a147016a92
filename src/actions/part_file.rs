//! A file that is there as a whole or not at all: written beside its place and renamed when it is whole.

use std::io;
use std::path::Path;
use std::path::PathBuf;

use tokio::fs::File;
use tokio::fs::OpenOptions;
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

/// A file on its way; dropped before it is whole, it leaves nothing behind
pub(crate) struct PartFile {
    target: PathBuf,
    part: PathBuf,
    file: Option<File>,
}

impl PartFile {
    /// Begins the file beside its place
    pub(crate) async fn create(target: &Path) -> io::Result<Self> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let part = target.with_file_name(format!(".{name}.{}.part", Uuid::new_v4().simple()));
        let file = OpenOptions::new().write(true).create_new(true).open(&part).await?;
        Ok(PartFile { target: target.to_owned(), part, file: Some(file) })
    }

    /// Adds to it
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.file {
            Some(file) => file.write_all(bytes).await,
            None => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Puts it in its place, over an older one
    pub(crate) async fn finish(mut self) -> io::Result<()> {
        if let Some(mut file) = self.file.take() {
            file.flush().await?;
            file.sync_all().await?;
        }
        tokio::fs::rename(&self.part, &self.target).await
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        // After the rename there is nothing of this name; one that cannot be removed stays hidden beside the target.
        self.file = None;
        let _ = std::fs::remove_file(&self.part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("the folder is there");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    #[tokio::test]
    async fn a_file_is_there_as_a_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let target = folder.path().join("drop.zip");
        std::fs::write(&target, "old").expect("a file");
        let mut broken = PartFile::create(&target).await.expect("it can be created");
        broken.write(b"half").await.expect("it can be written");
        drop(broken);
        assert_eq!(names(folder.path()), ["drop.zip"]);
        assert_eq!(std::fs::read(&target).expect("it is there"), b"old");
        let mut whole = PartFile::create(&target).await.expect("it can be created");
        whole.write(b"ne").await.expect("it can be written");
        whole.write(b"w").await.expect("it can be written");
        whole.finish().await.expect("it can be renamed");
        assert_eq!(names(folder.path()), ["drop.zip"]);
        assert_eq!(std::fs::read(&target).expect("it is there"), b"new");
    }
}
