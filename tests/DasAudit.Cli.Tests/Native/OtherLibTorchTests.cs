using System.Text.Json;
using System.Text.Json.Nodes;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Native;

/// <summary>Another libtorch, in processes of their own: a process can hold only one.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class OtherLibTorchTests : IDisposable
{
    private readonly SmallWorld _world;
    private readonly ToolProcess _tool = new();

    public OtherLibTorchTests(SmallWorld world)
    {
        _world = world;
        _tool.AddNativeLibraries();
    }

    private string Other => Path.Combine(_tool.WorkingDirectory, "other");

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task An_audit_loads_the_one_that_is_named_alone_and_gives_the_same_bytes()
    {
        var own = await AuditAsync();
        Assert.Equal("2.10.0", (string?)own["environment"]!["libtorch"]);

        // True copies: of links to the same file the loader would make one.
        Directory.CreateDirectory(Path.Combine(Other, "lib"));
        foreach (var file in _tool.LibTorchFiles)
            File.Copy(file, Path.Combine(Other, "lib", Path.GetFileName(file)));
        _tool.Variables["DASAUDIT_LIBTORCH"] = "other";
        _tool.Variables["LD_DEBUG"] = "libs";
        _tool.Variables["LD_DEBUG_OUTPUT"] = Path.Combine(_tool.WorkingDirectory, "loaded");
        var other = await AuditAsync();
        Assert.Equal("2.10.0, named by DASAUDIT_LIBTORCH", (string?)other["environment"]!["libtorch"]);
        Assert.Equal(Result(own), Result(other));

        var loaded = Directory
            .GetFiles(_tool.WorkingDirectory, "loaded.*")
            .SelectMany(File.ReadAllLines)
            .Where(line => line.Contains("calling init: ", StringComparison.Ordinal))
            .Select(line => line.Split("calling init: ")[1])
            .ToList();
        Assert.Equal(
            ["libc10.so", "libtorch.so", "libtorch_cpu.so"],
            loaded
                .Where(path =>
                    path.Contains("libtorch", StringComparison.Ordinal)
                    || path.Contains("libc10", StringComparison.Ordinal)
                )
                .Select(path => Path.GetRelativePath(Path.Combine(Other, "lib"), path))
                .Where(path => Path.GetFileName(path) is not ("libgomp-98b21ff3.so.1" or ToolProcess.Bridge))
                .Order(StringComparer.Ordinal)
        );

        // And without the tool's own.
        foreach (var file in _tool.LibTorchFiles.ToList())
            File.Delete(file);
        Assert.Equal(Result(own), Result(await AuditAsync()));
    }

    /// <summary>As <c>doctor --build-bridge</c> makes it for the PyTorch of a machine.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_LibTorchSharp_that_was_compiled_for_it_is_loaded_alone(bool elsewhere)
    {
        var folder = WriteBridge(elsewhere, """{"libTorch": "2.10.7", "torchSharp": "0.107.0"}""");
        _tool.Variables["LD_DEBUG"] = "libs";
        _tool.Variables["LD_DEBUG_OUTPUT"] = Path.Combine(_tool.WorkingDirectory, "loaded");

        Assert.Equal("ok", (await CheckAsync(0, "tensors")).Status);

        var loaded = Directory
            .GetFiles(_tool.WorkingDirectory, "loaded.*")
            .SelectMany(File.ReadAllLines)
            .Where(line => line.Contains("calling init: ", StringComparison.Ordinal))
            .Select(line => line.Split("calling init: ")[1])
            .Where(path => path.Contains("LibTorchSharp", StringComparison.Ordinal));
        Assert.Equal([Path.Combine(folder, ToolProcess.Bridge)], loaded);
    }

    [Theory]
    [InlineData(
        """{"libTorch": "2.11.0", "torchSharp": "0.107.0"}""",
        "DASAUDIT_LIBTORCH: 'other' holds libtorch 2.10.0, and the LibTorchSharp beside it or in "
            + "DASAUDIT_LIBTORCHSHARP is compiled for 2.11.0; compile it again (das-audit doctor --build-bridge "
            + "FOLDER), or unset the variable."
    )]
    [InlineData(
        """{"libTorch": "2.10.0", "torchSharp": "0.106.0"}""",
        "'*' was compiled from TorchSharp 0.106.0, and das-audit has 0.107.0; compile it again with das-audit doctor "
            + "--build-bridge FOLDER."
    )]
    [InlineData(
        "[]",
        "'*' does not say which libtorch it was compiled for, in libLibTorchSharp.json beside it; compile it with "
            + "das-audit doctor --build-bridge FOLDER."
    )]
    public async Task One_that_was_compiled_for_something_else_is_refused(string record, string sentence)
    {
        WriteBridge(elsewhere: false, record);

        var detail = (await CheckAsync(1, "libtorch")).Detail;

        Assert.True(System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(sentence, detail), detail);
    }

    [Fact]
    public async Task One_with_another_name_inside_is_refused()
    {
        var folder = WriteBridge(elsewhere: true, """{"libTorch": "2.10.0", "torchSharp": "0.107.0"}""");
        var path = Path.Combine(folder, ToolProcess.Bridge);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var place = bytes.AsSpan().IndexOf("libLibTorchSharp.so\0"u8);
        Assert.True(place >= 0);
        "libOtherName.so\0\0\0\0\0"u8.CopyTo(bytes.AsSpan(place));
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);

        Assert.Equal(
            $"'{path}' does not have the name libLibTorchSharp.so inside, by which it is looked for; link it with "
                + "-soname, as das-audit doctor --build-bridge FOLDER does.",
            (await CheckAsync(1, "libtorch")).Detail
        );
    }

    [Fact]
    public async Task One_that_is_named_and_not_there_is_refused()
    {
        WriteBridge(elsewhere: true, "{}");
        _tool.Variables["DASAUDIT_LIBTORCHSHARP"] = "nowhere";

        Assert.Equal(
            "DASAUDIT_LIBTORCHSHARP: there is no libLibTorchSharp.so at 'nowhere'; name the file or its folder, or "
                + "unset the variable.",
            (await CheckAsync(1, "libtorch")).Detail
        );
    }

    // A copy of the tool's libtorch and LibTorchSharp; returns the folder of the second.
    private string WriteBridge(bool elsewhere, string record)
    {
        Directory.CreateDirectory(Other);
        foreach (var file in _tool.LibTorchFiles)
            File.Copy(file, Path.Combine(Other, Path.GetFileName(file)));
        _tool.Variables["DASAUDIT_LIBTORCH"] = "other";
        var folder = elsewhere ? Path.Combine(_tool.WorkingDirectory, "bridge") : Other;
        if (elsewhere)
            _tool.Variables["DASAUDIT_LIBTORCHSHARP"] = "bridge";
        Directory.CreateDirectory(folder);
        File.Copy(Path.Combine(_tool.LibTorchDirectory, ToolProcess.Bridge), Path.Combine(folder, ToolProcess.Bridge));
        File.WriteAllText(Path.Combine(folder, "libLibTorchSharp.json"), record);
        return folder;
    }

    [Fact]
    public async Task The_doctor_says_which_it_is_and_that_a_GPU_is_missing()
    {
        Directory.CreateDirectory(Other);
        foreach (var file in _tool.LibTorchFiles)
            File.CreateSymbolicLink(Path.Combine(Other, Path.GetFileName(file)), file);
        _tool.Variables["DASAUDIT_LIBTORCH"] = Other;
        Assert.Equal(
            "libtorch 2.10.0 without CUDA on cpu, from 'other' (DASAUDIT_LIBTORCH)",
            (await CheckAsync(0, "libtorch")).Detail
        );
        Assert.Equal(
            "--device cuda: the libtorch that DASAUDIT_LIBTORCH names is for processors alone; set "
                + "DASAUDIT_LIBTORCH to the folder of a libtorch 2.10 with CUDA, or use --device cpu.",
            (await CheckAsync(1, "libtorch", "--device", "cuda")).Detail
        );

        foreach (var name in new[] { "libc10_cuda.so", "libtorch_cuda.so" })
            FakeLibTorch.Write(Path.Combine(Other, name), new(2, 10, 0), name);
        Assert.Equal(
            "libtorch 2.10.0 with CUDA on cpu, from 'other' (DASAUDIT_LIBTORCH)",
            (await CheckAsync(0, "libtorch")).Detail
        );
        Assert.Equal(
            "--device cuda: libtorch finds no NVIDIA GPU that it can use; install a driver for its CUDA "
                + "version, or use --device cpu.",
            (await CheckAsync(1, "libtorch", "--device", "cuda")).Detail
        );
    }

    [Theory]
    [InlineData(
        "2.9.1",
        true,
        "'other' holds libtorch 2.9.1, and das-audit needs 2.10; name the folder of a libtorch 2.10, compile "
            + "LibTorchSharp for this one (das-audit doctor --build-bridge FOLDER), or unset the variable."
    )]
    [InlineData(
        "2.100.0",
        true,
        "'other' holds libtorch 2.100.0, and das-audit needs 2.10; name the folder of a libtorch 2.10, compile "
            + "LibTorchSharp for this one (das-audit doctor --build-bridge FOLDER), or unset the variable."
    )]
    [InlineData(
        null,
        true,
        "'other' holds a libtorch older than 2.9, and das-audit needs 2.10; name the folder of a libtorch "
            + "2.10, compile LibTorchSharp for this one (das-audit doctor --build-bridge FOLDER), or unset the "
            + "variable."
    )]
    [InlineData(
        "2.10.0",
        false,
        "'other' holds a libtorch that TorchSharp cannot use (its libc10.so has another name inside); name "
            + "the folder of a libtorch 2.10 as PyTorch gives it out, or unset the variable."
    )]
    [InlineData(
        "2.10.0",
        true,
        "'other' holds a libtorch that TorchSharp cannot use (*undefined symbol: *); name the folder of a "
            + "libtorch 2.10 as PyTorch gives it out, or unset the variable."
    )]
    public async Task One_that_does_not_fit_is_a_sentence_and_the_doctor_goes_on(
        string? version,
        bool named,
        string sentence
    )
    {
        FakeLibTorch.WriteAll(
            Other,
            version is null ? null : Version.Parse(version),
            name => named ? name : name + ".2"
        );
        _tool.Variables["DASAUDIT_LIBTORCH"] = "other";
        var items = await DoctorAsync(1);
        var detail = Item(items, "libtorch").Detail;
        Assert.True(
            System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(
                "DASAUDIT_LIBTORCH: " + sentence,
                detail,
                ignoreCase: false
            ),
            detail
        );
        Assert.Equal("ok", Item(items, "pictures").Status);

        var audit = await _tool.RunAsync("audit", _world.Query, "--model", _world.Model, "--dataset", _world.Dataset);
        Assert.Equal((1, "", $"das-audit: {detail}\n"), (audit.ExitCode, audit.Out, audit.Error));
    }

    private async Task<JsonNode> AuditAsync()
    {
        var outcome = await _tool.RunAsync([
            "audit",
            _world.Query,
            "--model",
            _world.Model,
            "--dataset",
            _world.Dataset,
            "--no-features",
            "--json",
            .. SmallWorld.Quick,
        ]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return JsonNode.Parse(outcome.Out)!;
    }

    private static string Result(JsonNode report)
    {
        var result = report.DeepClone().AsObject();
        foreach (var name in new[] { "id", "createdUtc", "environment", "timings" })
            Assert.True(result.Remove(name));
        return result.ToJsonString();
    }

    private async Task<(string Status, string Detail)> CheckAsync(int exitCode, string name, params string[] options) =>
        Item(await DoctorAsync(exitCode, options), name);

    private async Task<JsonElement> DoctorAsync(int exitCode, params string[] options)
    {
        var outcome = await _tool.RunAsync(["doctor", "--json", .. options]);
        Assert.Equal((exitCode, ""), (outcome.ExitCode, outcome.Error));
        return outcome.Json().GetProperty("items");
    }

    private static (string Status, string Detail) Item(JsonElement items, string name)
    {
        var item = items.EnumerateArray().Single(item => item.GetProperty("name").GetString() == name);
        return (item.GetProperty("status").GetString()!, item.GetProperty("detail").GetString()!);
    }
}
