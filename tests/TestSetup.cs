using System.Runtime.CompilerServices;
using DasAudit.Core.Torch;

namespace DasAudit.Testing;

/// <summary>
/// Compiled into each test project that runs networks in its own process: it must run before the first of them.
/// </summary>
internal static class TestSetup
{
    [ModuleInitializer]
    internal static void Initialize()
    {
        LibTorchSettings.DisableNnpack();
        // Small models: a second thread costs more in waiting than it saves.
        TorchSharp.torch.set_num_threads(1);
    }
}
