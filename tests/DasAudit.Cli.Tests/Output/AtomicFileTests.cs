using DasAudit.Cli.Output;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Output;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_failure_leaves_the_old_file_and_nothing_else()
    {
        var path = Path.Combine(_folder.Path, "report.html");
        File.WriteAllText(path, "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, writer =>
        {
            writer.Write("half");
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_success_replaces_the_old_file()
    {
        var path = Path.Combine(_folder.Path, "new", "report.html");
        AtomicFile.Write(path, writer => writer.WriteLine("é"));
        AtomicFile.Write(path, writer => writer.WriteLine("ü"));
        Assert.Equal("ü\n"u8.ToArray(), File.ReadAllBytes(path));
    }
}
