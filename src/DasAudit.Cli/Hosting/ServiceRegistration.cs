using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Commands;
using DasAudit.Cli.Commands.Adapters;
using DasAudit.Cli.Commands.Audits;
using DasAudit.Cli.Commands.Datasets;
using DasAudit.Cli.Commands.Doctor;
using DasAudit.Cli.Commands.Evaluate;
using DasAudit.Cli.Commands.Features;
using DasAudit.Cli.Commands.Keys;
using DasAudit.Cli.Commands.Methods;
using DasAudit.Cli.Commands.Models;
using DasAudit.Cli.Commands.Policies;
using DasAudit.Cli.Commands.Reports;
using DasAudit.Cli.Commands.Stores;
using DasAudit.Cli.Native;
using DasAudit.Cli.Output;
using DasAudit.Cli.Progress;
using DasAudit.Cli.Settings;
using DasAudit.Core.Platforms;
using DasAudit.Core.Reports;
using DasAudit.Evidence.Exports;
using DasAudit.Evidence.Exports.Html;
using DasAudit.Evidence.Exports.Materials;
using DasAudit.Evidence.Exports.Provenance;
using Microsoft.Extensions.DependencyInjection;

namespace DasAudit.Cli.Hosting;

/// <summary>The one place where implementations meet interfaces and commands meet the command line.</summary>
internal static class ServiceRegistration
{
    public static void Add(IServiceCollection services)
    {
        AddInfrastructure(services);
        AddDoctorChecks(services);
        AddCommands(services);
    }

    private static void AddInfrastructure(IServiceCollection services) =>
        services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Platform.Current)
            .AddSingleton<CommonSettings>()
            .AddSingleton<SettingResolver>()
            .AddSingleton<CommandRunner>()
            .AddSingleton<ToolOutput>()
            .AddSingleton<ISecretPrompt, ConsolePrompt>()
            .AddSingleton<ProgressReporter>()
            .AddSingleton(NativeLibraries.OfThisProcess())
            .AddSingleton<LibTorch>()
            .AddSingleton<TorchRuntime>()
            .AddSingleton<AdapterSelection>()
            .AddSingleton<ReportStores>()
            .AddSingleton<DatasetIndexes>()
            .AddSingleton<DatasetReader>()
            .AddSingleton<ReportedDataset>()
            .AddSingleton<AuditRequestBuilder>()
            .AddSingleton<AuditRunner>()
            .AddSingleton<PolicyInquiries>()
            .AddSingleton<SampleFiles>()
            .AddSingleton<PresetStudy>()
            .AddSingleton<EvaluationServices>()
            .AddSingleton<IReportExporter, JsonExporter>()
            .AddSingleton<IReportExporter, HtmlExporter>()
            .AddSingleton<IReportExporter, CsvExporter>()
            .AddSingleton<IReportExporter, MarkdownExporter>()
            .AddSingleton<IReportExporter, ProvenanceExporter>()
            .AddSingleton<IReportExporter, SpdxExporter>()
            .AddSingleton<IReportExporter, CycloneDxExporter>();

    // In the order in which the help shows them.
    private static void AddCommands(IServiceCollection services) =>
        services
            .AddCommand<DemoCommand>()
            .AddCommand<AuditCommand>()
            .AddCommandGroup("dataset", "Training pictures: what they are, what is wrong with them, their hashes.")
            .AddCommand<DatasetShowCommand>("dataset")
            .AddCommand<DatasetCheckCommand>("dataset")
            .AddCommand<DatasetIndexCommand>("dataset")
            .AddCommand<DatasetExportCommand>("dataset")
            .AddCommandGroup("features", "Gradient features of a whole dataset, kept for many audits.")
            .AddCommand<FeaturesBuildCommand>("features")
            .AddCommand<PlanCommand>()
            .AddCommandGroup("methods", "Attribution methods: what can be chosen.")
            .AddCommand<MethodsListCommand>("methods")
            .AddCommandGroup(
                "reports",
                "Stored reports: list, show, query, compare, export, payout, bundle, sign, prove, verify, serve."
            )
            .AddCommand<ReportsListCommand>("reports")
            .AddCommand<ReportsShowCommand>("reports")
            .AddCommand<ReportsQueryCommand>("reports")
            .AddCommand<ReportsCompareCommand>("reports")
            .AddCommand<ReportsExportCommand>("reports")
            .AddCommand<ReportsPayoutCommand>("reports")
            .AddCommand<ReportsBundleCommand>("reports")
            .AddCommand<ReportsSignCommand>("reports")
            .AddCommand<ReportsProveCommand>("reports")
            .AddCommand<ReportsVerifyCommand>("reports")
            .AddCommand<ReportsServeCommand>("reports")
            .AddCommandGroup("policy", "What a project allows: check it, explain a rule, begin a policy.")
            .AddCommand<PolicyCheckCommand>("policy")
            .AddCommand<PolicyExplainCommand>("policy")
            .AddCommand<PolicyNewCommand>("policy")
            .AddCommand<ReplayCommand>()
            .AddCommandGroup("keys", "Keys that sign bundles: make, show.")
            .AddCommand<KeysNewCommand>("keys")
            .AddCommand<KeysShowCommand>("keys")
            .AddCommandGroup("store", "The store of reports as a whole: check, export, restore, compact.")
            .AddCommand<StoreCheckCommand>("store")
            .AddCommand<StoreExportCommand>("store")
            .AddCommand<StoreRestoreCommand>("store")
            .AddCommand<StoreCompactCommand>("store")
            .AddCommandGroup("adapters", "Adapter plugins, which load models: what is there, and does it conform.")
            .AddCommand<AdaptersListCommand>("adapters")
            .AddCommand<AdaptersCheckCommand>("adapters")
            .AddCommandGroup("evaluate", "How far scores can be trusted, measured by training models again.")
            .AddCommand<EvaluateLdsCommand>("evaluate")
            .AddCommand<EvaluateHoldoutCommand>("evaluate")
            .AddCommand<EvaluateCounterfactualCommand>("evaluate")
            .AddCommand<EvaluateOutputsCommand>("evaluate")
            .AddCommand<EvaluateEnsembleCommand>("evaluate")
            .AddCommand<EvaluateSanityCommand>("evaluate")
            .AddCommand<EvaluateRecallCommand>("evaluate")
            .AddCommand<EvaluateFactorsCommand>("evaluate")
            .AddCommand<EvaluateListCommand>("evaluate")
            .AddCommand<EvaluateShowCommand>("evaluate")
            .AddCommand<TrainCommand>()
            .AddCommand<GenerateCommand>()
            .AddCommand<DoctorCommand>();

    // In the order in which the doctor runs them.
    private static void AddDoctorChecks(IServiceCollection services) =>
        services
            .AddSingleton<PathExamination>()
            .AddSingleton<LibraryChecks>()
            .AddSingleton<ToolChecks>()
            .AddDoctorCheck("runtime", MachineChecks.Runtime)
            .AddDoctorCheck<LibraryChecks>("libtorch", checks => checks.LibTorch)
            .AddDoctorCheck<LibraryChecks>("tensors", checks => checks.Tensors)
            .AddDoctorCheck<LibraryChecks>("ONNX Runtime", checks => checks.OnnxRuntime)
            .AddDoctorCheck<LibraryChecks>("pictures", checks => checks.Pictures)
            .AddDoctorCheck("adapters", ToolChecks.Adapters)
            .AddDoctorCheck<ToolChecks>("store", checks => checks.Store)
            .AddDoctorCheck("disk", MachineChecks.Disk)
            .AddDoctorCheck("processor", MachineChecks.Processor)
            .AddDoctorCheck("memory", MachineChecks.Memory);

    private static IServiceCollection AddDoctorCheck(
        this IServiceCollection services,
        string name,
        Func<Invocation, CheckResult> check
    ) => services.AddSingleton(new DoctorCheck(name, check));

    private static IServiceCollection AddDoctorCheck<TChecks>(
        this IServiceCollection services,
        string name,
        Func<TChecks, Func<Invocation, CheckResult>> check
    )
        where TChecks : notnull =>
        services.AddSingleton(provider => new DoctorCheck(name, check(provider.GetRequiredService<TChecks>())));
}
