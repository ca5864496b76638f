using DasAudit.Core.Torch;
using TorchSharp;

namespace DasAudit.Core.Tests.Torch;

public class WorkersOnDevicesTests
{
    [Theory]
    [InlineData(DeviceType.CPU, 6, 6)]
    [InlineData(DeviceType.CUDA, 6, 1)]
    [InlineData(DeviceType.CUDA, 1, 1)]
    public void Only_the_processor_has_a_worker_a_thread(DeviceType device, int threads, int workers) =>
        Assert.Equal(workers, Workers.On(device, threads));
}
