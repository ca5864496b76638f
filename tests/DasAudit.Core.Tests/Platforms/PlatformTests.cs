using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using DasAudit.Core.Platforms;

namespace DasAudit.Core.Tests.Platforms;

/// <summary>What can be asked of every platform on any machine.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PlatformTests
{
    private static readonly Platform Linux = new LinuxPlatform();
    private static readonly Platform Mac = new MacPlatform();
    private static readonly Platform Windows = new WindowsPlatform();

    public static TheoryData<string> Systems => ["Linux", "macOS", "Windows"];

    [Fact]
    public void Relative_paths_have_forward_slashes_everywhere_and_a_backslash_stays_a_letter_on_Unix()
    {
        Assert.Equal("a/b/c.png", Windows.Slashed(@"a\b\c.png"));
        Assert.Equal(@"a\b/c.png", Linux.Slashed(@"a\b/c.png"));
        Assert.Equal(@"a\b/c.png", Mac.Slashed(@"a\b/c.png"));
    }

    [Fact]
    public void Files_are_hashed_in_the_same_order_everywhere()
    {
        string[] onLinux = ["unet/config.json", "unet2/config.json", "unet.json", "unet-a/b", "unet_a/b", "unetA/b"];
        var onWindows = onLinux.Select(path => path.Replace('/', '\\')).Reverse();

        Assert.Equal(
            onLinux.OrderBy(Linux.Slashed, StringComparer.Ordinal),
            onWindows.OrderBy(Windows.Slashed, StringComparer.Ordinal).Select(Windows.Slashed)
        );
    }

    [Fact]
    public void Names_are_the_same_in_another_case_except_on_Linux()
    {
        Assert.False(Linux.NameComparer.Equals("A.png", "a.png"));
        Assert.True(Mac.NameComparer.Equals("A.png", "a.png"));
        Assert.True(Windows.NameComparer.Equals("A.png", "a.png"));
    }

    [Theory]
    [InlineData("con")]
    [InlineData("CON.pem")]
    [InlineData("nul.tar.gz")]
    [InlineData("com0")]
    [InlineData("Lpt9.png")]
    [InlineData("aux .png")]
    [InlineData("a:b")]
    [InlineData("a*")]
    [InlineData("a\tb")]
    [InlineData("a.")]
    [InlineData("a ")]
    [InlineData("")]
    public void Windows_has_names_that_no_file_can_have(string name) => Assert.False(Windows.CanName(name));

    [Theory]
    [InlineData("lab.pem")]
    [InlineData("console.pem")]
    [InlineData("com10")]
    [InlineData("a.con")]
    [InlineData("ä b.png")]
    public void All_systems_take_other_names(string name)
    {
        Assert.True(Windows.CanName(name));
        Assert.True(Linux.CanName(name));
        Assert.True(Mac.CanName(name));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Another_processor_or_system_is_refused_in_a_sentence(string system)
    {
        var platform = Of(system);
        var foreign = platform.Architecture == Architecture.X64 ? Architecture.Arm64 : Architecture.X64;

        Assert.Equal(
            "das-audit runs on Linux and Windows on x64, and on macOS on arm64; this is Some OS 1.0 on "
                + $"{(foreign == Architecture.X64 ? "x64" : "arm64")}, so use another machine.",
            platform.Refusal(foreign, "Some OS 1.0 ")
        );
        Assert.Equal(
            platform == Platform.Current || platform.System == Platform.Current.System,
            platform.Refusal(platform.Architecture, "Some OS 1.0") is null
        );
    }

    [Theory]
    [InlineData("Linux", 11, 28, 30)]
    [InlineData("Linux", 11, 27, 30)]
    [InlineData("Linux", 11, 122, 30)]
    [InlineData("macOS", 35, 28, 30)]
    [InlineData("macOS", 35, 69, 30)]
    [InlineData("Windows", unchecked((int)0x80070020), unchecked((int)0x80070070), unchecked((int)0x80070013))]
    [InlineData("Windows", unchecked((int)0x80070021), unchecked((int)0x80070027), unchecked((int)0x80070013))]
    public void What_the_system_refuses_is_told_apart(string system, int held, int full, int readOnly)
    {
        var platform = Of(system);
        var (heldError, fullError) = (new IOException("", held), new IOException("", full));
        var readOnlyError = new IOException("", readOnly);

        Assert.True(platform.IsHeld(heldError));
        Assert.True(platform.IsFull(fullError));
        Assert.True(platform.IsReadOnly(readOnlyError));
        Assert.False(platform.IsHeld(fullError) || platform.IsHeld(readOnlyError));
        Assert.False(platform.IsFull(heldError) || platform.IsFull(readOnlyError));
        Assert.False(platform.IsReadOnly(heldError) || platform.IsReadOnly(fullError));
        // 11 and 35 mean something else elsewhere, and Windows' numbers have a prefix.
        Assert.False(platform.IsHeld(new IOException("", system == "Linux" ? 35 : 11)));
        Assert.False(platform.IsHeld(new IOException("", 32)));
    }

    [Theory]
    [MemberData(nameof(Systems))]
    public void Libraries_have_the_endings_of_their_system_and_libtorch_is_loaded_before_what_needs_it(string system)
    {
        var files = Of(system).Files;
        var ending = system switch
        {
            "Windows" => ".dll",
            "macOS" => ".dylib",
            _ => ".so",
        };

        Assert.All(
            [.. files.LibTorch, files.OnnxRuntime, files.Skia],
            name =>
                Assert.True(
                    name.EndsWith(ending, StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal)
                )
        );
        Assert.Contains(files.TorchCpu, files.LibTorch);
        Assert.Contains(files.LibTorchSharp, files.LibTorch);
        Assert.Equal(files.LibTorch.Count, files.LibTorch.Distinct().Count());
        // OpenMP reads its variables when it is loaded, so nothing may load it unseen.
        Assert.Matches("^lib(gomp|omp|iomp5)", files.LibTorch[0]);
    }

    [Fact]
    public void Only_the_system_that_takes_another_libtorch_keeps_its_own_apart()
    {
        Assert.Equal((true, "libtorch"), (Linux.TakesOtherLibTorch, Linux.Files.LibTorchFolder));
        Assert.Equal((false, ""), (Mac.TakesOtherLibTorch, Mac.Files.LibTorchFolder));
        Assert.Equal((false, ""), (Windows.TakesOtherLibTorch, Windows.Files.LibTorchFolder));
    }

    [Fact]
    public void Linux_says_how_much_memory_is_free()
    {
        string[] lines = ["MemTotal:       24000000 kB", "MemFree: 1 kB", "MemAvailable:   12345678 kB"];

        Assert.Equal(12345678L * 1024, LinuxPlatform.AvailableMemory(lines));
        Assert.Null(LinuxPlatform.AvailableMemory(lines[..2]));
        Assert.Null(LinuxPlatform.AvailableMemory([]));
    }

    [Fact]
    public void Windows_is_told_to_keep_a_key_from_others() =>
        Assert.Equal(
            """icacls "C:\keys\lab.pem" /inheritance:r /grant:r "%USERNAME%:F" """.TrimEnd(),
            WindowsPlatform.CommandFor(@"C:\keys\lab.pem")
        );

    private static Platform Of(string system) =>
        system switch
        {
            "Windows" => Windows,
            "macOS" => Mac,
            _ => Linux,
        };
}
