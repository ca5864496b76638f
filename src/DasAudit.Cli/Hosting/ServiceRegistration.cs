using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Commands.Adapters;
using DasAudit.Cli.Commands.Audits;
using DasAudit.Cli.Commands.Doctor;
using DasAudit.Cli.Commands.Features;
using DasAudit.Cli.Commands.Methods;
using DasAudit.Cli.Commands.Models;
using DasAudit.Cli.Commands.Reports;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Hosting;

/// <summary>The one place where implementations meet interfaces and commands meet the command line.</summary>
internal static class ServiceRegistration
{
    /// <summary>Registers everything.</summary>
    public static void Add(IServiceCollection services)
    {
        AddInfrastructure(services);
        AddDoctorChecks(services);
        AddCommands(services);
    }

    private static void AddInfrastructure(IServiceCollection services) =>
        services
            .AddSingleton(TimeProvider.System)
            .AddSingleton<CommonSettings>()
            .AddSingleton<SettingResolver>()
            .AddSingleton<CommandRunner>()
            .AddSingleton<ToolOutput>()
            .AddSingleton<ProgressReporter>()
            .AddSingleton(NativeLibraries.OfThisProcess())
            .AddSingleton<LibTorch>()
            .AddSingleton<TorchRuntime>()
            .AddSingleton<AdapterSelection>()
            .AddSingleton<AuditRunner>()
            .AddSingleton<SampleFiles>()
            .AddSingleton<IReportStores, LiteReportStores>()
            .AddSingleton<IReportExporter, JsonExporter>()
            .AddSingleton<IReportExporter, HtmlExporter>()
            .AddSingleton<IReportExporter, CsvExporter>()
            .AddSingleton<IReportExporter, MarkdownExporter>();

    // In the order in which the help shows them.
    private static void AddCommands(IServiceCollection services) =>
        services
            .AddCommand<DemoCommand>()
            .AddCommand<AuditCommand>()
            .AddCommandGroup("features", "Gradient features of a whole dataset, kept for many audits.")
            .AddCommand<FeaturesBuildCommand>("features")
            .AddCommand<PlanCommand>()
            .AddCommandGroup("methods", "Attribution methods: what can be chosen.")
            .AddCommand<MethodsListCommand>("methods")
            .AddCommandGroup("reports", "Stored reports: list, show, query, export.")
            .AddCommand<ReportsListCommand>("reports")
            .AddCommand<ReportsShowCommand>("reports")
            .AddCommand<ReportsQueryCommand>("reports")
            .AddCommand<ReportsExportCommand>("reports")
            .AddCommandGroup("adapters", "Adapter plugins, which load models: what is there, and does it conform.")
            .AddCommand<AdaptersListCommand>("adapters")
            .AddCommand<AdaptersCheckCommand>("adapters")
            .AddCommand<TrainCommand>()
            .AddCommand<GenerateCommand>()
            .AddCommand<DoctorCommand>();

    private static void AddDoctorChecks(IServiceCollection services) =>
        services
            .AddSingleton<IDoctorCheck, RuntimeCheck>()
            .AddSingleton<IDoctorCheck, LibTorchCheck>()
            .AddSingleton<IDoctorCheck, TensorCheck>()
            .AddSingleton<IDoctorCheck, OnnxRuntimeCheck>()
            .AddSingleton<IDoctorCheck, PicturesCheck>()
            .AddSingleton<IDoctorCheck, AdaptersDoctorCheck>()
            .AddSingleton<IDoctorCheck, StoreCheck>()
            .AddSingleton<IDoctorCheck, DiskCheck>()
            .AddSingleton<IDoctorCheck, ProcessorCheck>()
            .AddSingleton<IDoctorCheck, MemoryCheck>();
}
