using System.Text.Json;
using DasAudit.Abstractions;
using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Commands.Doctor;
using DasAudit.Cli.Native;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Evidence.Store;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Tests.Commands;

public sealed class DoctorTests : IDisposable
{
    private readonly Tool _tool = new();

    private string Plugins => Path.Combine(_tool.ToolDirectory, "plugins");

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task On_a_sound_machine_everything_works()
    {
        MoodyPlugin.Install(Plugins);
        var outcome = await _tool.RunAsync("doctor", "--json");
        var document = outcome.Json();
        Assert.Equal("das-audit/doctor/1", document.GetProperty("schema").GetString());
        var items = document.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(
            [
                "runtime",
                "libtorch",
                "tensors",
                "ONNX Runtime",
                "pictures",
                "adapters",
                "store",
                "disk",
                "processor",
                "memory",
            ],
            items.Select(item => item.GetProperty("name").GetString())
        );
        // The last three depend on the machine.
        Assert.All(items.Take(7), item => Assert.Equal("ok", item.GetProperty("status").GetString()));
        Assert.Equal(0, outcome.ExitCode);
        Assert.Empty(outcome.Error);
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_said()
    {
        var outcome = await _tool.RunAsync("doctor", "nowhere", "--json");
        Assert.Equal(1, outcome.ExitCode);
        var item = Assert.Single(outcome.Json().GetProperty("items").EnumerateArray());
        Assert.Equal("nowhere", item.GetProperty("path").GetString());
        Assert.Equal("There is nothing at 'nowhere'; check the path.", item.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_store_that_is_not_there_yet_is_no_fault_and_is_not_made()
    {
        var item = await CheckAsync("store");
        Assert.Equal("ok", item.GetProperty("status").GetString());
        Assert.Equal(
            "none yet at '.das-audit/audits.db'; the first audit makes it",
            item.GetProperty("detail").GetString()
        );
        Assert.Empty(Directory.GetFileSystemEntries(_tool.WorkingDirectory));
    }

    [Fact]
    public async Task A_store_says_how_many_reports_it_holds()
    {
        using (var store = ReportStore.Open(Path.Combine(_tool.WorkingDirectory, "a.db"), StoreAccess.ReadWrite))
            store.Add(new(ShownReport.Make(), new Dictionary<string, byte[]>()));
        Assert.Equal(
            "1 report in 'a.db'",
            (await CheckAsync("store", "--store", "a.db")).GetProperty("detail").GetString()
        );
    }

    [Fact]
    public async Task A_damaged_store_fails()
    {
        _tool.Write("a.db", "not a store");
        var item = await CheckAsync("store", "--store", "a.db");
        Assert.Equal("fail", item.GetProperty("status").GetString());
        Assert.Contains("is no store of das-audit", item.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_held_by_another_process_fails()
    {
        var path = Path.Combine(_tool.WorkingDirectory, "a.db");
        ReportStore.Open(path, StoreAccess.ReadWrite).Dispose();
        using var holder = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var item = await CheckAsync("store", "--store", "a.db");
        Assert.Equal("fail", item.GetProperty("status").GetString());
        Assert.Contains("in use by another process", item.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_adapter_it_fails_and_with_a_broken_one_beside_it_warns()
    {
        Assert.Equal("fail", (await CheckAsync("adapters")).GetProperty("status").GetString());
        MoodyPlugin.Install(Plugins);
        Assert.Equal("ok", (await CheckAsync("adapters")).GetProperty("status").GetString());
        MoodyPlugin.Install(Plugins, "Broken", "constructor throws");
        var item = await CheckAsync("adapters");
        Assert.Equal("warn", item.GetProperty("status").GetString());
        Assert.Contains("not today", item.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("repair or remove the plugin", item.GetProperty("remedy").GetString());
    }

    [Fact]
    public async Task Where_native_libraries_are_missing_the_doctor_says_so_and_goes_on()
    {
        MoodyPlugin.Install(Plugins);
        _tool.Replace = services => services.AddSingleton(new NativeLibraries([_tool.WorkingDirectory]));
        var outcome = await _tool.RunAsync("doctor");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(
            "FAIL  libtorch      The library libgomp-98b21ff3.so.1 is missing from the tool's folder; install",
            outcome.Out,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "FAIL  tensors       not tried, because libtorch does not start",
            outcome.Out,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "FAIL  ONNX Runtime  The library libonnxruntime.so is missing",
            outcome.Out,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "FAIL  pictures      The library libSkiaSharp.so is missing",
            outcome.Out,
            StringComparison.Ordinal
        );
        Assert.Contains("ok    adapters      moody", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_check_that_throws_is_a_failure_and_not_the_end()
    {
        _tool.Replace = services =>
            services
                .AddSingleton(new DoctorCheck("bug", _ => throw new InvalidOperationException("inner")))
                .AddSingleton(new DoctorCheck("failure", _ => throw new AuditException("Give {top}, not {x}.")));
        var outcome = await _tool.RunAsync("doctor", "--json");
        Assert.Equal(1, outcome.ExitCode);
        var last = outcome.Json().GetProperty("items").EnumerateArray().TakeLast(2).ToList();
        Assert.Equal("InvalidOperationException: inner", last[0].GetProperty("detail").GetString());
        Assert.Equal("Give --top, not {x}.", last[1].GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData(10_000_000, "Fail")]
    [InlineData(500_000_000, "Warn")]
    [InlineData(5_000_000_000, "Ok")]
    public void Little_room_on_the_disk_is_noticed(long free, string status) =>
        Assert.Equal(status, MachineChecks.JudgeDisk(free, "").Status.ToString());

    private async Task<JsonElement> CheckAsync(string name, params string[] options)
    {
        var outcome = await _tool.RunAsync(["doctor", "--json", .. options]);
        var item = outcome
            .Json()
            .GetProperty("items")
            .EnumerateArray()
            .Single(item => item.GetProperty("name").GetString() == name);
        Assert.Equal(1, item.GetProperty("status").GetString() == "fail" ? outcome.ExitCode : 1);
        return item;
    }
}
