using System.Runtime.Versioning;
using DasAudit.Core.Platforms;

namespace DasAudit.Core.Tests.Platforms;

[UnsupportedOSPlatform("windows")]
public sealed class PrivateFileTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_private_file_in_a_private_folder_is_its_owners_alone()
    {
        var (folder, file) = (_folder["keys"], _folder["keys/a"]);
        Platform.Current.CreatePrivateFolder(folder);
        Platform.Current.CreatePrivateFile(file).Dispose();

        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(Owner, File.GetUnixFileMode(file));
        Assert.Null(Platform.Current.CommandToMakePrivate(file));
        Assert.Throws<IOException>(() => Platform.Current.CreatePrivateFile(file));
    }

    [Fact]
    public void A_file_that_others_can_read_comes_with_the_command_against_it()
    {
        var file = _folder.Write("a", "");
        File.SetUnixFileMode(file, Owner | UnixFileMode.GroupRead);

        Assert.Equal($"chmod 600 '{file}'", Platform.Current.CommandToMakePrivate(file));
    }
}
