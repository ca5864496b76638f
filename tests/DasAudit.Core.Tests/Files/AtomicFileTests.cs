using DasAudit.Core.Files;

namespace DasAudit.Core.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_failure_leaves_the_old_file_and_nothing_else()
    {
        var path = _folder["report.html"];
        File.WriteAllText(path, "old");
        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(
                path,
                (TextWriter writer) =>
                {
                    writer.Write("half");
                    throw new InvalidOperationException();
                }
            )
        );
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_success_replaces_the_old_file()
    {
        var path = _folder["new/report.html"];
        AtomicFile.Write(path, (TextWriter writer) => writer.WriteLine("é"));
        AtomicFile.Write(path, (TextWriter writer) => writer.WriteLine("ü"));
        Assert.Equal("ü\n"u8.ToArray(), File.ReadAllBytes(path));
    }
}
