using System.Runtime.CompilerServices;
using DasAudit.Core.Torch;

namespace DasAudit.Core.Tests;

internal static class TestSetup
{
    [ModuleInitializer]
    internal static void Initialize() => LibTorchSettings.DisableNnpack();
}
