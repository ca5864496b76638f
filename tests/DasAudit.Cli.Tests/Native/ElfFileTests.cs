using DasAudit.Cli.Native;

namespace DasAudit.Cli.Tests.Native;

public sealed class ElfFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly byte[] _whole = File.ReadAllBytes(
        Path.Combine(AppContext.BaseDirectory, "Native", "Files", "fake.so")
    );

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Libraries_as_they_are_built_are_whole() =>
        Assert.All(
            Directory.GetFiles(
                Path.GetDirectoryName(NativeLibraries.OfThisProcess().Find("libLibTorchSharp.so"))!,
                "*",
                SearchOption.AllDirectories
            ),
            path => Assert.False(ElfFile.IsCutShort(path))
        );

    [Fact]
    public void Cut_anywhere_behind_its_header_a_library_is_cut_short() =>
        Assert.All(Enumerable.Range(64, _whole.Length - 64), length => Assert.True(IsCutShort(_whole[..length])));

    [Fact]
    public void Cut_short_of_its_segments_it_is_known_without_section_headers()
    {
        var bytes = _whole.ToArray();
        bytes.AsSpan(0x28, 8).Clear();
        bytes.AsSpan(0x3c, 2).Clear();
        Assert.False(IsCutShort(bytes));
        Assert.False(IsCutShort(bytes[..0x268]));
        Assert.True(IsCutShort(bytes[..0x267]));
    }

    [Fact]
    public void Tables_at_impossible_places_are_beyond_every_end()
    {
        var bytes = _whole.ToArray();
        bytes.AsSpan(0x20, 8).Fill(0xff);
        Assert.True(IsCutShort(bytes));
    }

    [Fact]
    public void What_the_loader_refuses_anyway_is_left_to_it()
    {
        Assert.False(IsCutShort([]));
        Assert.False(IsCutShort(_whole[..63]));
        Assert.False(IsCutShort(new byte[500]));
        Assert.False(ElfFile.IsCutShort(Path.Combine(_folder.Path, "nothing.so")));
        var link = Path.Combine(_folder.Path, "link.so");
        File.CreateSymbolicLink(link, Path.Combine(_folder.Path, "no folder", "nothing.so"));
        Assert.False(ElfFile.IsCutShort(link));
    }

    private bool IsCutShort(byte[] bytes)
    {
        var path = Path.Combine(_folder.Path, "library.so");
        File.WriteAllBytes(path, bytes);
        return ElfFile.IsCutShort(path);
    }
}
