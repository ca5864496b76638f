using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using DasAudit.Abstractions;
using DasAudit.Cli.Native;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Platforms;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Tests.Native;

/// <summary>What the tool says where it is another system's, or cannot run.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PlatformTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("doctor")]
    public async Task On_another_system_the_tool_says_so_and_nothing_else(string argument)
    {
        _tool.Replace = services => services.AddSingleton<Platform>(new MacPlatform());

        var outcome = await _tool.RunAsync(argument);

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Out));
        Assert.Equal(
            "das-audit: das-audit runs on Linux and Windows on x64, and on macOS on arm64; this is "
                + $"{RuntimeInformation.OSDescription} on x64, so use another machine.\n",
            outcome.Error
        );
    }

    [Theory]
    [InlineData("Windows", "libiomp5md.dll")]
    [InlineData("macOS", "libomp.dylib")]
    public void Libtorch_is_looked_for_by_the_names_of_the_system(string system, string first) =>
        Assert.Equal(
            $"The library {first} is missing from the tool's folder; install das-audit again.",
            Refusal(() => LibTorchOf(system).Load())
        );

    [Theory]
    [InlineData("Windows")]
    [InlineData("macOS")]
    public void Another_libtorch_is_refused_where_none_was_ever_tried(string system)
    {
        _tool.Variables[LibTorch.Variable] = "other";

        Assert.Equal(
            $"DASAUDIT_LIBTORCH: on {system} das-audit computes with its own libtorch alone; unset the variable.",
            Refusal(() => LibTorchOf(system).Load())
        );
    }

    private LibTorch LibTorchOf(string system) =>
        new(
            new([_tool.ToolDirectory]),
            _tool.Surroundings,
            system == "Windows" ? new WindowsPlatform() : new MacPlatform()
        );

    private static string Refusal(Action action) => Assert.Throws<AuditException>(action).Message;
}
